import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

import { type RecordedEvent, photoStream } from '#domain';
import { SqliteEventLog } from '#event-log';

import { NOON, POLL_ID, decided, strange, voteIdOf } from '../../domain/testing/ballot-box.ts';
import {
  type AuditReport,
  audit,
  exportCsv,
  exportNdjson,
  exportSource,
  importExport,
  publishedTotal,
  readHeader,
} from '../index.ts';
import { FORMAT, FORMAT_VERSION, encodeLine } from './lines.ts';
import { ManifestBuilder } from './manifest.ts';
import { BOX, Voted, WHOLE_POLL, failuresOf, found, totalOf } from '../testing/voted.ts';

/** Contents that nothing of this project writes, but a log can hold. */
const ODD = ['', 'null', ' {"a": 1} ', '{"a":1}\n', '\ufeff{}', '{"data":",\\"data\\":"}', 'caf\u00e9', '"\u2028"'];
const ODD_BYTES = Buffer.from([0, 0xff, 0x0a, 0x7d]);

const PHOTO = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0xff]);
const HASH = createHash('sha256').update(PHOTO).digest('hex');
/** A photo is stored before a decision names it. */
const WITH_PHOTO = [
  WHOLE_POLL[0]!,
  WHOLE_POLL[1]!,
  { ...strange({ type: 'PhotoStored', data: PHOTO }, NOON + 2000), stream: photoStream(HASH) },
  decided({
    type: 'PhotoChanged',
    pollId: POLL_ID,
    number: 1,
    photo: HASH,
    changedAt: '2026-11-23T12:00:02.000Z',
    by: 'x',
  }),
  ...WHOLE_POLL.slice(2),
];

let voted: Voted;
let file: string;
beforeEach(async () => {
  const odd = [...ODD.map((text) => Buffer.from(text)), ODD_BYTES].map((data) => strange({ type: 'Odd ",\n"', data }));
  voted = await Voted.from([...WHOLE_POLL.slice(0, 3), ...odd, ...WHOLE_POLL.slice(3)]);
  file = voted.path('export.ndjson');
});
afterEach(() => voted.dispose());

async function textOf(lines: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const line of lines) text += line;
  return text;
}

async function withLog<T>(directory: string, work: (log: SqliteEventLog) => Promise<T>): Promise<T> {
  const log = SqliteEventLog.openReadOnly(directory);
  try {
    return await work(log);
  } finally {
    await log.close();
  }
}

/** An export as a program writes it that does not look. */
function writtenByHand(events: readonly RecordedEvent[]): string {
  const builder = new ManifestBuilder();
  const text = [
    `${JSON.stringify({ format: FORMAT, version: FORMAT_VERSION, exportedAt: '2026-11-23T22:00:00.000Z' })}\n`,
    ...events.map(encodeLine),
  ];
  builder.addBytes(text.join(''));
  for (const event of events) builder.addEvent(event);
  return `${text.join('')}${JSON.stringify({ manifest: builder.manifest() })}\n`;
}

const exported = (pollId?: string): Promise<string> =>
  withLog(voted.directory, (log) => textOf(exportNdjson({ log, pollId })));

const eventsIn = (directory: string): Promise<RecordedEvent[]> =>
  withLog(directory, async (log) => {
    const events: RecordedEvent[] = [];
    for await (const page of log.readAll(0n, [''])) events.push(...page);
    return events;
  });

const auditFile = (): Promise<AuditReport> => audit({ source: exportSource(file), pollId: POLL_ID });

describe('an export', () => {
  it.each([
    ['of a poll', POLL_ID],
    ['of the whole log', undefined],
  ])('%s holds every byte, and becomes the same log again', async (_, pollId) => {
    const text = await exported(pollId);
    for (const content of [text, gzipSync(text)]) {
      writeFileSync(file, content);
      const directory = voted.path(typeof content);
      expect(await importExport(file, directory)).toBe(voted.events.length);
      expect(await eventsIn(directory)).toEqual(voted.events.map(asRead));
    }
    expect(await readHeader(file)).toMatchObject({ format: 'paredao-export', ...(pollId && { pollId }) });
  });

  it.each([
    ['of a poll', POLL_ID],
    ['of the whole log', undefined],
  ])('%s holds the photos that were named, at their places', async (_, pollId) => {
    const whole = await Voted.from(WITH_PHOTO);
    const text = await withLog(whole.directory, (log) => textOf(exportNdjson({ log, pollId })));
    writeFileSync(file, text);
    await importExport(file, voted.path('photos'));
    expect(await eventsIn(voted.path('photos'))).toEqual(whole.events.map(asRead));
    expect(failuresOf(await auditFile())).toEqual({});
    writeFileSync(file, text.replace(PHOTO.toString('base64'), Buffer.from('another').toString('base64')));
    expect(failuresOf(await auditFile())['bytes']).toEqual([found('forged-photo')]);
    whole.tamper("DELETE FROM events WHERE type = 'PhotoStored'");
    const stream = photoStream(HASH);
    expect(failuresOf(await whole.audit())['bytes']).toEqual([found('missing-photo', { stream })]);
    whole.dispose();
  });

  it('has lines that every program can read', async () => {
    const lines = (await exported()).trimEnd().split('\n');
    const parsed = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    const votes = parsed.filter(({ type }) => type === 'VoteCast');
    expect(votes[0]).toMatchObject({ stream: BOX, revision: '0', data: { voteId: voteIdOf('v0'), participantId: 2 } });
    expect(parsed.at(-1)).toMatchObject({ manifest: { events: voted.events.length } });
  });

  it('gives an audit the same numbers as its log', async () => {
    writeFileSync(file, await exported());
    const [fromFile, fromLog] = [await auditFile(), await voted.audit()];
    expect(fromFile.commitment).toBe(fromLog.commitment);
    expect(fromFile).toMatchObject({ counts: fromLog.counts, digest: fromLog.digest, position: fromLog.position });
    expect(failuresOf(fromFile)).toEqual(failuresOf(fromLog));
  });

  it('can stop at a point in time', async () => {
    const until = { position: voted.events[5]!.position };
    const text = await withLog(voted.directory, (log) => textOf(exportNdjson({ log, pollId: POLL_ID, until })));
    expect(text.trimEnd().split('\n')).toHaveLength(6 + 2);
  });

  it('is read to its end by an audit of a point in time: the file is what its manifest says, or not', async () => {
    const text = await exported();
    const until = { position: voted.events[3]!.position };
    writeFileSync(file, text);
    expect((await audit({ source: exportSource(file), pollId: POLL_ID, until })).checks[0]).toMatchObject({
      outcome: 'ok',
    });
    const last = text.lastIndexOf('"participantId":2');
    writeFileSync(file, `${text.slice(0, last)}"participantId":1${text.slice(last + '"participantId":2'.length)}`);
    const report = await audit({ source: exportSource(file), pollId: POLL_ID, until });
    expect(failuresOf(report)['source']).toEqual(expect.arrayContaining([differs('sha256')]));
    expect(report.partial).toBe(true);
  });

  it('of a poll that is closed was made while it had no cut yet, or lost it', async () => {
    const closing = await Voted.from(WHOLE_POLL.slice(0, 16));
    const until = { position: closing.events.at(-1)!.position };
    for (const [options, failures] of [
      [{}, { closing: [found('missing-cut')] }],
      [{ until }, {}],
    ] as const) {
      writeFileSync(
        file,
        await withLog(closing.directory, (log) => textOf(exportNdjson({ log, pollId: POLL_ID, ...options }))),
      );
      expect(failuresOf(await auditFile())).toEqual(failures);
    }
    closing.dispose();
  });

  it('as CSV has a time that is none as it is', async () => {
    voted.tamper('UPDATE events SET recorded_at = 9000000000000000 WHERE position = 6');
    const text = await withLog(voted.directory, (log) => textOf(exportCsv({ log, pollId: POLL_ID })));
    expect(text).toContain('0,6,9000000000000000 ms,');
  });

  it('is CSV for a spreadsheet', async () => {
    const text = await withLog(voted.directory, (log) => textOf(exportCsv({ log, pollId: POLL_ID })));
    const lines = text.split('\r\n');
    expect(lines[0]).toBe('revision,position,recorded_at,event_id,type,version,vote_id,participant,cast_at,expires_at');
    expect(lines[1]).toBe(
      `0,6,2026-11-23T12:00:01.000Z,00000000-0000-4000-8000-000000000001,VoteCast,1,${voteIdOf('v0')},2,` +
        '2026-11-23T12:00:00.000Z,2026-11-23T12:05:00.000Z',
    );
    expect(text).toContain(',"Odd "",\n""",1,,,,\r\n');
  });
});

const asRead = (event: RecordedEvent): object => ({ ...event, data: new Uint8Array(event.data) });

/** Changes lines of an export, without and with a manifest that was made to fit. */
function rewrite(text: string, change: (lines: string[]) => string[]): string {
  return `${change(text.trimEnd().split('\n')).join('\n')}\n`;
}

const VOTE = 4;
const without = (index: number) => (lines: string[]) => lines.toSpliced(index, 1);
const edited = (from: string, to: string) => (lines: string[]) => lines.with(VOTE, lines[VOTE]!.replace(from, to));

const differs = (part: string, rest = {}) => found('manifest-differs', { part }, rest);

describe('an export that somebody changed', () => {
  beforeEach(async () => {
    voted.dispose();
    voted = await Voted.from();
    file = voted.path('export.ndjson');
  });

  it.each<[what: string, change: (lines: string[]) => string[], named: ReturnType<typeof found>]>([
    ['a vote less', without(VOTE), differs('events', { expected: 19, actual: 18 })],
    ['a vote more', (lines) => lines.toSpliced(VOTE, 0, lines[VOTE]!), differs('events', { expected: 19, actual: 20 })],
    [
      'another participant',
      edited('"participantId":1', '"participantId":2'),
      found('manifest-differs', { stream: 'votes-paredao-1', part: 'sha256' }),
    ],
    ['another hour', edited('"castAt":"2026-11-23T12', '"castAt":"2026-11-23T11'), differs('sha256')],
    ['another vote id', edited('0000', '0001'), differs('sha256')],
    ['white space', edited(',"castAt"', ', "castAt"'), differs('sha256')],
    ['white space outside of the data', edited('{"stream"', '{ "stream"'), differs('sha256')],
    ['two votes swapped', (lines) => lines.with(4, lines[5]!).with(5, lines[4]!), differs('sha256')],
    ['another recorded time', edited('"recordedAt":17', '"recordedAt":18'), differs('sha256')],
    ['no manifest', (lines) => lines.slice(0, -1), found('missing-manifest')],
    ['the end cut off', (lines) => lines.slice(0, 9), found('missing-manifest')],
    [
      'a line cut off',
      (lines) => [...lines.slice(0, VOTE), lines[VOTE]!.slice(0, 80)],
      found('broken-line', { line: 5 }),
    ],
    [
      'something behind the manifest',
      (lines) => [...lines, lines[VOTE]!],
      found('broken-line', { line: 22 }, { actual: 'behind-manifest' }),
    ],
    [
      'a line that is nothing',
      (lines) => lines.with(VOTE, 'x'),
      found('broken-line', { line: 5 }, { actual: 'not-json' }),
    ],
    [
      'a manifest that is null',
      (lines) => lines.with(-1, '{"manifest":null}'),
      found('broken-line', { line: 21 }, { actual: 'bad-manifest' }),
    ],
    [
      'a manifest without anything',
      (lines) => lines.with(-1, '{"manifest":{}}'),
      found('broken-line', { line: 21 }, { actual: 'bad-manifest' }),
    ],
    [
      'a manifest of streams that are none',
      (lines) => lines.with(-1, '{"manifest":{"events":19,"sha256":"","streams":{"votes-1":null}}}'),
      found('broken-line', { line: 21 }, { actual: 'bad-manifest' }),
    ],
    [
      'a revision that is none',
      edited('"revision":"2"', '"revision":"-2"'),
      found('broken-line', { line: 5 }, { actual: 'bad-event' }),
    ],
  ])('with %s is found, and not imported', async (_, change, named) => {
    const text = rewrite(await exported(), change);
    for (const content of [text, gzipSync(text)]) {
      writeFileSync(file, content);
      const report = await auditFile();
      expect(report.agrees).toBe(false);
      expect(failuresOf(report)['source']).toContainEqual(named);
      const directory = voted.path('import');
      const refusal = { code: expect.stringMatching(/^invalid-(export|import)$/) };
      await expect(importExport(file, directory)).rejects.toMatchObject(refusal);
      expect(() => SqliteEventLog.openReadOnly(directory)).toThrow('there is no event log');
    }
  });

  it.each([
    ['cut off', (bytes: Buffer) => bytes.subarray(0, -20)],
    ['with a flipped bit', (bytes: Buffer) => bytes.with(200, bytes[200]! ^ 4)],
  ])('while compressed, %s, is found', async (_, change) => {
    writeFileSync(file, change(gzipSync(await exported())));
    expect(failuresOf(await auditFile())).toHaveProperty('source');
    await expect(importExport(file, voted.path('import'))).rejects.toMatchObject({ code: 'invalid-export' });
  });

  it('together with its manifest is found by whoever has the published total, or an earlier report', async () => {
    const honest = await voted.audit();
    const { commitment } = honest;
    const forged = await Voted.from(WHOLE_POLL.toSpliced(5, 1));
    try {
      writeFileSync(file, await withLog(forged.directory, (log) => textOf(exportNdjson({ log }))));
      // a consistent log says nothing against itself but for the seal, which could be forged as well
      expect(failuresOf(await auditFile())).toEqual({ closing: [found('seal-without-cut')] });
      const published = publishedTotal('/total', totalOf(honest));
      const report = await audit({
        source: exportSource(file),
        pollId: POLL_ID,
        published: () => Promise.resolve(published),
        expected: commitment,
      });
      const failures = failuresOf(report);
      expect(failures['published']).toContainEqual(
        found('published-differs', { participant: 1 }, { expected: 7, actual: 8 }),
      );
      expect(failures['commitment']).toEqual([found('commitment-differs', {}, { expected: commitment })]);
    } finally {
      forged.dispose();
    }
  });

  it('to one that no log could hold is not imported', async () => {
    const [first, second, third] = voted.events;
    writeFileSync(file, writtenByHand([first!, second!, { ...third!, revision: 7n }]));
    const directory = voted.path('import');
    await expect(importExport(file, directory)).rejects.toMatchObject({ code: 'invalid-import' });
    await expect(importExport(file, voted.directory)).rejects.toMatchObject({ code: 'invalid-import' });
  });

  it('from something that is no export is refused', async () => {
    for (const text of ['', 'x\n', '{}\n', '{"format":"paredao-export","version":2}\n']) {
      writeFileSync(file, text);
      await expect(readHeader(file)).rejects.toMatchObject({ code: 'invalid-export' });
    }
  });
});
