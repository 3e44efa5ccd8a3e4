import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import type { AuditReport } from '../index.ts';
import { renderHtml, renderText, wordReason } from '../index.ts';
import { finding } from '../findings.ts';
import { CUT, IN_BOX, Voted, failuresOf } from '../testing/voted.ts';

let voted: Voted;
let report: AuditReport;
beforeEach(async () => {
  voted = await Voted.from();
  report = await voted.audit();
});
afterEach(() => voted.dispose());

describe('the report', () => {
  it('as text has the numbers, the checks, the commitment and room to sign', () => {
    const text = renderText(report);
    expect(text).toMatch(/^Auditoria do paredão paredao-1: Quem sai\?$/m);
    expect(text).toMatch(/^1 Aurora +8 +66,67%$/m);
    expect(text).toMatch(/^Duplicados +1$/m);
    expect(text).toMatch(/^23\/11\/2026 09h +4 +2 +2$/m);
    expect(text).toMatch(new RegExp(`^ ✔ O encerramento .*corte na revisão ${String(CUT)}`, 'm'));
    expect(text).toContain(report.commitment);
    expect(text).toMatch(/^CONFERE$/m);
    expect(text).toMatch(/_{40}/);
  });

  it('says first what does not agree', async () => {
    voted.tamper('DELETE FROM events WHERE position = 9');
    const text = renderText(await voted.audit());
    expect(text).toMatch(/^NÃO CONFERE: 2 verificações falharam$/m);
    expect(text).toMatch(/^ {5}votes-paredao-1: falta a revisão 1$/m);
  });

  it('names what it says nothing about, beside the verdict', () => {
    const unchecked = [
      'O total que o serviço publica confere com a recontagem: o serviço não pode ser testemunha de si mesmo',
      'O que foi anunciado confere com a recontagem: ninguém informou',
      'O registro contém o que foi auditado antes: ninguém informou o compromisso',
    ];
    expect(renderText(report)).toMatch(
      new RegExp(`^CONFERE\nNão foi verificado:\n – ${unchecked.join('.*\n.*\n – ')}`, 'm'),
    );
    const heads = unchecked.map((one) => one.replace(/^([^:]*)/, '<li><strong>$1</strong>'));
    expect(renderHtml(report)).toMatch(new RegExp(`<ul class="unchecked">${heads.join('.*</li>')}`));
  });

  it('says of each what would verify it, and nothing of what does not arise', () => {
    for (const text of [renderText(report), renderHtml(report)]) {
      expect(text).toContain('Para verificar: de outra máquina: npm run audit -- --total com o endereço do serviço');
      expect(text).toContain('em auditoria.html ou com --announced');
      expect(text).not.toContain('manifesto');
      expect(text).not.toContain('Cada voto veio de um desafio deste serviço');
    }
  });

  it('names participants wherever it means one', async () => {
    voted.tamperTally(
      "UPDATE version_tallies SET snapshot = json_set(snapshot, '$.votes[1]', 5, '$.hours.\"2026-11-23T12\"[0]', 7)",
    );
    const text = renderText(await voted.audit());
    expect(text).toContain('votos de Íris (2): 5 guardado, 4 recontado');
    expect(text).toMatch(/hora 23\/11\/2026 09h: Aurora 7, Íris 2 guardado, Aurora 2, Íris 2 recontado/);
    expect(text).toMatch(/^Votos por hora +total +1 Aurora +2 Íris$/m);
  });

  it('keeps rules in their lines', () => {
    const poll = { ...report.poll!, rules: 'Vale um voto.\nVale outro.' };
    expect(renderText({ ...report, poll })).toMatch(/^Regulamento +Vale um voto\.\n +Vale outro\.$/m);
    expect(renderHtml({ ...report, poll })).toContain('Vale um voto.<br>Vale outro.');
  });

  it.each([
    [0, 'CONFERE, NÃO ANCORADO', true],
    [1200, 'CONFERE, ANCORADO ATÉ A FOLHA 1.200 DE 15.000', true],
    [15_000, 'CONFERE, ANCORADO', false],
  ])('says how far the box is anchored, and what to do about it: %s leaves', (leaves, verdict, isAdvised) => {
    const anchored = { ...report, anchored: { leaves, of: 15_000 } };
    const text = renderText(anchored);
    expect(text.split('\n')).toContain(verdict);
    expect(text.includes('Não ancorado não é um erro')).toBe(isAdvised);
    expect(renderHtml(anchored)).toContain(`✔ ${verdict}</p>`);
    expect(renderText({ ...anchored, agrees: false })).not.toContain('ANCORADO');
  });

  it('shows what a terminal would obey, and no line that others wrote', () => {
    const forged = '\u001b[2J\nCONFERE\r\u0007\u202e\u2028';
    const poll = { ...report.poll!, title: forged, participants: [{ number: 1, name: forged }] };
    const forgedFinding = finding('invalid-event-id', { stream: forged }, null, forged);
    const checks = report.checks.map((check) => ({ ...check, outcome: 'failed' as const, findings: [forgedFinding] }));
    const text = renderText({
      ...report,
      poll,
      checks,
      source: { kind: 'export' as const, path: forged },
      agrees: false,
    });
    expect(text).not.toMatch(/^CONFERE/m);
    expect(text).not.toMatch(/[^\P{C}\n]|[\u2028]/u);
    expect(renderHtml({ ...report, poll })).not.toContain('\u202e');
  });

  it('shows a time that is none as it is', async () => {
    voted.tamper('UPDATE events SET recorded_at = 9000000000000000 WHERE position = 9');
    const odd = await voted.audit();
    expect(failuresOf(odd)).toHaveProperty('order');
    voted.tamper('UPDATE events SET recorded_at = 9000000000000000000');
    for (const one of [odd, await voted.audit()]) expect(renderText(one) + renderHtml(one)).toMatch(/90000000+ ms/);
  });

  it('as HTML is one page that needs nothing else', () => {
    const html = renderHtml(report);
    expect(html).not.toMatch(/<script|<link|src=|url\((?!#p\d+\))|https?:/);
    expect(html.match(/<svg role="img"/g)).toHaveLength(2);
    expect(html).toContain(report.commitment);
    expect(html).toContain('@media print');
  });

  it('holds no markup of those who named a poll', () => {
    const poll = {
      ...report.poll!,
      title: '<script>alert(1)</script>',
      participants: [{ number: 1, name: `"><img src='x'>` }],
    };
    const checks = report.checks.map((check) => ({
      ...check,
      findings: [finding('invalid-event-id', {}, null, '<b>')],
      findingCount: 5,
    }));
    const html = renderHtml({ ...report, poll, checks });
    expect(html).not.toMatch(/<script|<img|<b>/);
    expect(html).toContain('e mais 4');
  });
});

describe('the words of a report', () => {
  it('say everything in one language, whatever was found', async () => {
    voted.tamper('UPDATE events SET version = 0 WHERE position = 9');
    voted.tamper(`UPDATE events SET type = 'BallotBoxClosed' ${IN_BOX}`, 4);
    voted.tamperTally("UPDATE version_tallies SET snapshot = json_set(snapshot, '$.poll.status', 'open')");
    const text = renderText(await voted.audit());
    expect(text).toMatch(/revisão 4: a urna foi fechada \(BallotBoxClosed com o paredão aberto\)/);
    expect(text).toMatch(/revisão 1: tipo ou versão que o programa não conhece/);
    expect(text).toMatch(/votação: “Quem sai\?”, 1 Aurora, 2 Íris, aberto, .* guardado/);
    expect(text).not.toMatch(/\b(unknown|open|closed|sealed|not a|event)\b/);
  });

  it('show every participant in the colour of the pages, and every time in one zone', () => {
    const html = renderHtml(report);
    expect(html).toMatch(/<rect[^>]*fill="url\(#p1\)"[\s\S]*<rect[^>]*fill="url\(#p2\)"/);
    expect(html + renderText(report)).not.toMatch(/UTC|:\d\d(?:\.\d+)?Z/);
    expect(html).toContain('horário de Brasília');
  });

  it('show what an earlier version stored as a sentence', () => {
    expect(wordReason('not a canonical VoteCast')).toBe('não está na forma canônica');
    expect(wordReason('unknown event VoteCast v0')).toBe('tipo ou versão que o programa não conhece');
    expect(wordReason('something else')).toBe('something else');
  });
});
