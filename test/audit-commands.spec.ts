import { beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { cpSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';

import type { AuditReport } from '#audit';

import { Crowd } from './support/crowd.ts';
import { eventually } from './support/eventually.ts';
import { PROGRAM_ENV } from './support/program-env.ts';
import { Random } from './support/random.ts';
import { Server, temporaryDirectory } from './support/server.ts';

/** Long enough to start a service beside it. */
const REHEARSAL_MS = 12_000;
/** A command is at work within this, ms: a busy machine takes seconds to start a program. */
const START_LIMIT_MS = 30_000;

interface Run {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** Starts a compiled command. */
function start(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [join('dist/apps/cli', `${command}.js`), ...args], {
    env: { ...PROGRAM_ENV, ...env },
    timeout: 60_000,
  });
  let [output, errors] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const ended = new Promise<Run>((resolve) => child.once('close', (code) => resolve({ code, output, errors })));
  return { child, ended };
}

/** Runs one to its end. */
const run = (...command: Parameters<typeof start>): Promise<Run> => start(...command).ended;

const reportOf = ({ output }: Run): AuditReport => JSON.parse(output) as AuditReport;
const outcomeOf = ({ checks }: AuditReport, id: string): string | undefined =>
  checks.find((check) => check.id === id)?.outcome;

describe('an auditor at a running service', () => {
  let server: Server;
  let DATA_DIR: string;
  let url: string;
  let report: AuditReport;
  const directory = temporaryDirectory();
  const file = join(directory, 'votes.ndjson.gz');

  beforeAll(async () => {
    server = await Server.start();
    DATA_DIR = server.dataDir;
    url = `http://127.0.0.1:${String(server.port)}`;
  });

  it('audits while votes go on: everything agrees at the place where it was read', async () => {
    const crowd = new Crowd(server.port, 4, new Random(1));
    await crowd.voted(100);
    const audited = await run('audit', ['--total', url, '--json'], { DATA_DIR });
    await crowd.voted(100);
    await crowd.end();
    expect(audited).toMatchObject({ code: 0, errors: expect.stringMatching(/^audited in .* events/) });
    const during = reportOf(audited);
    expect(during).toMatchObject({ agrees: true, pollId: '1', partial: false });
    for (const id of ['independent', 'read-model', 'published']) expect(outcomeOf(during, id)).toBe('ok');
    expect(during.counts.events).toBeGreaterThanOrEqual(100);
    const expected = during.commitment;
    const html = join(directory, 'report.html');
    const receipts = join(directory, 'recibos.txt');
    writeFileSync(receipts, crowd.receipts.join('\n'));
    const compared = ['--expect-hash', expected, '--receipt', receipts];
    const after = await run('audit', [...compared, '--json', '--html', html], { DATA_DIR });
    report = reportOf(after);
    expect(outcomeOf(report, 'commitment')).toBe('ok');
    const { length } = crowd.receipts;
    expect(report.checks.find(({ id }) => id === 'receipts')).toMatchObject({
      ...{ outcome: 'ok', detail: { count: length, parts: [length] } },
    });
    // the first event opens the box
    expect(report.counts).toMatchObject({ events: crowd.acknowledged.size + 1, openings: 1 });
    expect(readFileSync(html, 'utf8')).toContain(report.commitment);
  });

  it('prints a report to sign', async () => {
    const { code, output } = await run('audit', ['--quick'], { DATA_DIR });
    expect(code).toBe(0);
    expect(output).toMatch(/^CONFERE, NÃO ANCORADO$/m);
  });

  it('says in a line what is no receipt, no anchor and no key', async () => {
    const none = join(directory, 'nada.txt');
    writeFileSync(none, 'nada\n');
    for (const option of ['--receipt', '--anchor', '--vkey'])
      expect(await run('audit', [option, none], { DATA_DIR })).toEqual({
        ...{ code: 2, output: '', errors: expect.stringMatching(/^[^\n]*nada\.txt[^\n]*\n/) },
      });
  });

  it('exports, audits the file elsewhere, and gets the same', async () => {
    expect(await run('export', ['--out', file], { DATA_DIR })).toMatchObject({ code: 0 });
    const audited = await run('audit', ['--export', file, '--json'], { DATA_DIR: directory });
    expect(audited.code).toBe(0);
    expect(reportOf(audited)).toMatchObject({ counts: report.counts, commitment: report.commitment });
    expect(await run('export', ['--out', file], { DATA_DIR })).toMatchObject({ code: 2 });
    const csv = join(directory, 'votes.csv');
    expect(await run('export', ['--csv', '--out', csv], { DATA_DIR })).toMatchObject({ code: 0 });
    expect(readFileSync(csv, 'utf8').trimEnd().split('\r\n')).toHaveLength(report.counts.events + 1);
    expect(readdirSync(directory).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('finds what somebody changed in the file', async () => {
    const forged = join(directory, 'forged.ndjson');
    const text = gunzipSync(readFileSync(file)).toString('utf8');
    writeFileSync(forged, text.replace('"participantId":1', '"participantId":2'));
    const audited = await run('audit', ['--export', forged], { DATA_DIR: directory });
    expect(audited.code).toBe(1);
    expect(audited.output).toMatch(/manifesto: votes-1: sha256/);
    const target = join(directory, 'refused');
    expect(await run('import', [forged, '--to', target])).toMatchObject({ code: 2 });
    expect(existsSync(join(target, 'events.db'))).toBe(false);
    const published = await run('audit', ['--export', forged, '--total', url, '--json'], { DATA_DIR });
    expect(outcomeOf(reportOf(published), 'published')).toBe('failed');
  });

  it('imports it, and rehearses it before the real pages', async () => {
    const imported = join(directory, 'imported');
    expect(await run('import', [file, '--to', imported])).toMatchObject({ code: 0 });
    expect(reportOf(await run('audit', ['--json'], { DATA_DIR: imported }))).toMatchObject({ counts: report.counts });
    const rehearsed = join(directory, 'rehearsed');
    expect(await run('replay', ['--from', file, '--speed', 'max', '--to', rehearsed])).toMatchObject({ code: 0 });
    const watching = await Server.start({ dataDir: rehearsed, args: ['--watch-only'] });
    const client = watching.client();
    const total = await eventually(
      () => client.total('1'),
      (answer) => answer.revisao === report.counts.revision,
    );
    expect(total.digest).toBe(report.digest);
    expect((await client.get('/desafio')).status).toBe(404);
    client.close();
    expect(await watching.stop()).toMatchObject({ code: 0 });
  });

  it('does not take nothing for a result', async () => {
    const none = await run('audit', ['--poll', '99'], { DATA_DIR });
    expect(none).toMatchObject({ code: 1, output: expect.stringContaining('não há nenhum evento da votação 99') });
    const copy = join(directory, 'robbed');
    cpSync(DATA_DIR, copy, { recursive: true });
    rmSync(join(copy, 'read-model.db'));
    const robbed = await run('audit', [], { DATA_DIR: copy });
    expect(robbed).toMatchObject({ code: 1, output: expect.stringContaining('não guardou nenhuma apuração') });
  });

  it('watches a rehearsal while it runs', async () => {
    const rehearsed = join(directory, 'watched');
    const span = Date.parse(report.lastRecordedAt!) - Date.parse(report.poll!.openedAt!);
    const replaying = start('replay', ['--from', file, '--speed', String(span / REHEARSAL_MS), '--to', rehearsed]);
    await eventually(
      async () => existsSync(join(rehearsed, 'events.db')),
      (exists) => exists,
      START_LIMIT_MS,
    );
    const watching = await Server.start({ dataDir: rehearsed, args: ['--watch-only'] });
    const seen = new Set<number>();
    const client = watching.client();
    const ended = await eventually(
      async () => {
        const answer = await client.get('/total?paredao=1', client.basic('producao'));
        if (answer.status === 200) seen.add(answer.json.total);
        return answer.json as { revisao: string; digest: string };
      },
      ({ revisao }) => revisao === report.counts.revision,
      40_000,
    );
    expect(ended.digest).toBe(report.digest);
    expect([...seen]).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.size).toBeGreaterThan(3);
    expect(await replaying.ended).toMatchObject({ code: 0 });
    client.close();
    expect(await watching.stop()).toMatchObject({ code: 0 });
  });

  it('may end a rehearsal before its end, and is told how far it came', async () => {
    const target = join(directory, 'half');
    const replaying = start('replay', ['--from', file, '--speed', '0.001', '--to', target]);
    await eventually(
      async () => existsSync(join(target, 'events.db')),
      (exists) => exists,
      START_LIMIT_MS,
    );
    await delay(500);
    replaying.child.kill('SIGINT');
    const { code, errors } = await replaying.ended;
    expect({ code, errors }).toEqual({
      code: 1,
      errors: expect.stringMatching(/^interrupted; what was replayed so far is in .*half, written in .*: [12] events/),
    });
    expect(reportOf(await run('audit', ['--json'], { DATA_DIR: target })).counts.events).toBeLessThan(2);
  });

  it('is told in one line what is missing', async () => {
    const port = String(server.port + 1);
    const cases: [args: string[], env: Record<string, string>, named: RegExp][] = [
      [['--bogus'], {}, /Unknown option '--bogus'\n\nnpm run audit/],
      [['--at', 'yesterday'], {}, /--at takes a position/],
      [['--at', '2026-11-23T22:41:00'], {}, /--at takes a position or a time with its zone/],
      [['--expect-hash', 'abc'], {}, /--expect-hash takes/],
      [['--total', 'nowhere'], {}, /--total takes an address/],
      [['--total', `http://127.0.0.1:${port}`], {}, /^http:\/\/127.0.0.1:\d+: .*ECONNREFUSED/],
      [['--total', url], { PAREDAO_PASSWORD: 'wrong' }, /: 401 /],
      [[], { DATA_DIR: join(directory, 'nothing') }, /^there is no event log in /],
      [[], { EVENTSTORE_URL: 'x' }, /^EVENTSTORE_URL=…: /],
      [['--export', join(directory, 'nothing')], {}, /^ENOENT/],
    ];
    const runs = cases.map(async ([args, env, named]) => {
      const { code, errors, output } = await run('audit', args, { DATA_DIR, ...env });
      expect({ args, code, output }).toEqual({ args, code: 2, output: '' });
      expect(errors).toMatch(named);
    });
    await Promise.all(runs);
  });
});
