import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { SqliteEventLog } from '#event-log';

import { POLL_ID, decided, voteOfRule2 } from '../domain/testing/ballot-box.ts';
import {
  type AuditReport,
  audit,
  exportCsv,
  exportNdjson,
  exportSource,
  lastOpenedIn,
  pollsOf,
  publishedTotal,
  renderHtml,
  renderText,
} from './index.ts';
import { OPENED, Voted, failuresOf, found, totalOf } from './testing/voted.ts';

const REHEARSAL = { ...OPENED, evidenceKeyHash: '0f'.repeat(32), rehearsal: true } as const;
const ANOTHER = 'UPDATE events SET data = CAST(replace(CAST(data AS TEXT), ?, ?) AS BLOB) WHERE type = ?';

let voted: Voted;
beforeEach(async () => {
  voted = await Voted.from([decided(REHEARSAL), voteOfRule2('a'), voteOfRule2('b', 2)]);
});
afterEach(() => voted.dispose());

const exported = async (write: typeof exportNdjson | typeof exportCsv): Promise<string> => {
  const log = SqliteEventLog.openReadOnly(voted.directory);
  let text = '';
  for await (const part of write({ log, pollId: POLL_ID })) text += part;
  await log.close();
  return text;
};

/** Audits an export after somebody changed its text. */
async function auditOf(text: string): Promise<AuditReport> {
  const path = join(voted.directory, 'export.gz');
  writeFileSync(path, gzipSync(text));
  return audit({ source: exportSource(path), pollId: POLL_ID });
}

describe('the report on a rehearsal', () => {
  it('says so in its heading, at its verdict and in its data', async () => {
    const report = await voted.audit();

    expect(report.poll).toMatchObject({ rehearsal: true });
    const lines = renderText(report).split('\n');
    expect(lines[0]).toMatch(/^ENSAIO · Auditoria do ensaio /);
    expect(lines[lines.findIndex((line) => line.endsWith('CONFERE')) - 1]).toBe(
      'ENSAIO · estes votos não contam para nada',
    );
    const html = renderHtml(report);
    expect(html).toMatch(/<title>ENSAIO · /);
    expect(html).toContain('<p class="warning">ENSAIO · estes votos não contam para nada</p>');
  });

  it('is the only one that does', async () => {
    const real = await Voted.from();
    const report = await real.audit();

    for (const text of [renderText(report), renderHtml(report), JSON.stringify(report)]) {
      expect(text).not.toMatch(/ensaio|rehearsal/i);
    }
    real.dispose();
  });
});

describe('a mark that somebody strips', () => {
  it('from the log breaks the commitment', async () => {
    const { commitment: expected } = await voted.audit();
    voted.tamper(ANOTHER, ',"rehearsal":true', '', 'PollOpened');

    expect((await voted.audit({ expected })).poll).not.toHaveProperty('rehearsal');
    expect(failuresOf(await voted.audit({ expected }))).toMatchObject({
      commitment: [found('commitment-differs', {}, { expected })],
    });
  });

  it('from the stored tally is found', async () => {
    voted.tamperTally("UPDATE version_tallies SET snapshot = replace(snapshot, ',\"rehearsal\":true', '')");

    expect(Object.keys(failuresOf(await voted.audit()))).toContain('read-model');
  });

  it('from a published total is found', async () => {
    const total = totalOf(await voted.audit());
    const published = async (answer: object): Promise<object> =>
      failuresOf(await voted.audit({ published: () => Promise.resolve(publishedTotal('x', answer)) }));

    expect(await published({ ...total, ensaio: true })).toEqual({});
    expect(await published(total)).toEqual({
      published: [found('published-differs', { part: 'rehearsal' }, { expected: true, actual: false })],
    });
  });

  it.each([
    ['first line', '"rehearsal":true,"exportedAt"', '"exportedAt"', 'rehearsal'],
    ['manifest', /"rehearsals":\["[^"]+"\],/, '', 'rehearsals'],
    ['opening', '0f","rehearsal":true', '0f"', 'rehearsals'],
  ] as const)('from the %s of an export is found', async (_where, mark, nothing, part) => {
    const whole = await exported(exportNdjson);
    expect(failuresOf(await auditOf(whole))).toEqual({});

    const stripped = whole.replace(mark, nothing);
    expect(stripped).not.toBe(whole);
    const findings = (await auditOf(stripped)).checks.find(({ id }) => id === 'source')?.findings ?? [];
    expect(findings.map(({ code, at }) => [code, at.part])).toContainEqual(['manifest-differs', part]);
  });
});

describe('a table of a rehearsal', () => {
  it('says so in each of its lines, which a table of a real poll never does', async () => {
    const [heading, ...lines] = (await exported(exportCsv)).trimEnd().split('\r\n');

    expect(heading).toMatch(/^rehearsal,revision,position,/);
    expect(lines.map((line) => line.slice(0, 9))).toEqual(['ENSAIO,0,', 'ENSAIO,1,']);
    voted.dispose();
    voted = await Voted.from();
    expect(await exported(exportCsv)).not.toMatch(/rehearsal|ENSAIO/);
  });
});

describe('what nobody named', () => {
  it('is the real poll that was opened last', async () => {
    const log = SqliteEventLog.openReadOnly(voted.directory);

    expect(lastOpenedIn(await pollsOf(log, [POLL_ID]))).toBeUndefined();
    await log.close();
  });
});
