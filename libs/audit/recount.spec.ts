import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';

import { type RecordedEvent, Tally, ballotBoxStream, isBallotBox } from '#domain';
import { SqliteImport } from '#event-log';

import {
  MINUTE,
  NOON,
  POLL_ID,
  SECOND,
  cut,
  decided,
  record,
  strange,
  vote,
  voteOfRule2,
} from '../domain/testing/ballot-box.ts';
import { randomBallotBox } from '../domain/testing/random-ballot-box.ts';
import type { Counts } from './counts.ts';
import { recount } from './index.ts';
import { SqlRecount, type SqlResult } from './sqlite/sql-recount.ts';

const HISTORIES = 500;
const HISTORIES_IN_FILES = 60;
jest.setTimeout(60_000);

function countInSql(events: readonly RecordedEvent[]): SqlResult {
  const sql = new SqlRecount('box');
  for (const event of events) if (isBallotBox(event.stream)) sql.add(event);
  const result = sql.result();
  sql.close();
  return result;
}

const countsInSql = (events: readonly RecordedEvent[]): Counts => countInSql(events).counts;

/** Of a log's own file, a few revisions at a time. */
function countsInLog(events: readonly RecordedEvent[], step: bigint): Counts {
  const directory = mkdtempSync(join(tmpdir(), 'recount-'));
  const target = SqliteImport.begin(directory, 'draft');
  target.add(events);
  target.finish();
  const sql = new SqlRecount(ballotBoxStream(POLL_ID), join(directory, 'events.db'));
  const last = events.findLast(({ stream }) => isBallotBox(stream))?.revision ?? -1n;
  for (let upTo = step - 1n; upTo < last; upTo += step) sql.addUpTo(upTo);
  sql.addUpTo(last);
  const { counts } = sql.result();
  sql.close();
  rmSync(directory, { recursive: true });
  return counts;
}

const canonical = (change: object = {}): string =>
  JSON.stringify({
    voteId: '0'.repeat(32),
    participantId: 1,
    castAt: '2026-11-23T12:00:00.000Z',
    expiresAt: '2026-11-23T12:05:00.000Z',
    humanCheck: { provider: 'altcha', difficulty: 1000 },
    ...change,
  });

const canonical2 = (humanCheck: object = {}, change: object = {}): string =>
  canonical({ humanCheck: { provider: 'altcha', price: 'base', evidence: 'f'.repeat(32), ...humanCheck }, ...change });

describe('the recount in SQL', () => {
  it('agrees with the fold on every ballot box', () => {
    for (let seed = 0; seed < HISTORIES; seed++) {
      const events = record(randomBallotBox(seed));
      expect({ seed, ...countsInSql(events) }).toEqual({ seed, ...recount(POLL_ID, events) });
    }
  });

  it('agrees with it on every ballot box of rule 2', () => {
    for (let seed = 0; seed < HISTORIES; seed++) {
      const events = record(randomBallotBox(seed, 2));
      expect({ seed, ...countsInSql(events) }).toEqual({ seed, ...recount(POLL_ID, events) });
    }
  });

  it('does not take votes of another version than the poll has', () => {
    const box = [vote('a'), voteOfRule2('b', 2), voteOfRule2('b', 2), vote('c', 2), voteOfRule2('d'), cut(), vote('e')];
    for (const [rule, hash] of [
      [1, undefined],
      [2, '0f'.repeat(32)],
    ] as const) {
      const opened = {
        type: 'PollOpened',
        pollId: POLL_ID,
        title: 'x',
        participants: [1, 2].map((number) => ({ number, name: `p${number}` })),
        openedAt: 'x',
        by: 'x',
      } as const;
      const events = record([decided({ ...opened, ...(hash && { evidenceKeyHash: hash }) }), ...box]);
      const sql = new SqlRecount(ballotBoxStream(POLL_ID));
      for (const event of events.slice(1)) sql.add(event);
      expect({ rule, ...sql.result({ rule, participants: 2 }).counts }).toEqual({ rule, ...recount(POLL_ID, events) });
      sql.close();
    }
  });

  it('agrees with it in the file of a log as well', () => {
    for (let seed = 0; seed < HISTORIES_IN_FILES; seed++) {
      // events of one append share a position, but not in SQLite
      const events = record(randomBallotBox(seed)).map((event, index) => ({ ...event, position: BigInt(index + 1) }));
      const counts = countsInLog(events, BigInt(1 + (seed % 9)));
      expect({ seed, ...counts }).toEqual({ seed, ...recount(POLL_ID, events) });
    }
  });

  it('counts by its own reading of the rules', () => {
    const events = record([
      vote('a', 1),
      vote('b', 2),
      vote('a', 2),
      vote('c', 1, { castAt: NOON, recordedAt: NOON + 10 * MINUTE }),
      vote('d', 3, { recordedAt: NOON + 10 * MINUTE }),
      strange({ data: Buffer.from('{}') }, NOON + 10 * MINUTE),
      cut(NOON + 11 * MINUTE),
      vote('e', 1, { recordedAt: NOON + 11 * MINUTE }),
      cut(NOON + 12 * MINUTE),
    ]);
    expect(countsInSql(events)).toEqual({
      events: 9,
      revision: '8',
      votes: [1, 1],
      hours: { '2026-11-23T12': [1, 1] },
      duplicates: 1,
      late: 1,
      expired: 1,
      quarantined: 2,
      cuts: 2,
      openings: 0,
      cut: '6',
    });
  });

  it('says of an empty box that it is empty', () => {
    expect(countsInSql([])).toEqual({ ...recount(POLL_ID, []), votes: [0, 0] });
  });

  it.each([
    canonical(),
    canonical({ humanCheck: { provider: 'a'.repeat(32), difficulty: 999999999999999 } }),
    canonical({ humanCheck: { provider: 'a'.repeat(33), difficulty: 1 } }),
    canonical({ humanCheck: { provider: '', difficulty: 1 } }),
    canonical({ humanCheck: { provider: 'Altcha', difficulty: 1 } }),
    canonical({ humanCheck: { provider: 'a-1', difficulty: 0 } }),
    canonical({ humanCheck: { provider: 'a', difficulty: 1e15 } }),
    canonical().replace('1000}', '01000}'),
    canonical().replace('1000}', '-1}'),
    canonical().replace('1000}', '}'),
    canonical().replace('1000}', '1.5}'),
    canonical().replace('"difficulty"', '"Difficulty"'),
    canonical().replace('altcha', 'alt"cha'),
    canonical({ participantId: 0 }),
    canonical({ participantId: 9 }),
    canonical({ participantId: 10 }),
    canonical({ voteId: 'A'.repeat(32) }),
    canonical({ voteId: '0'.repeat(31) }),
    canonical({ castAt: '2026-02-30T12:00:00.000Z' }),
    canonical({ castAt: '2024-02-29T12:00:00.000Z' }),
    canonical({ castAt: '2026-11-23T24:00:00.000Z' }),
    canonical({ castAt: '2026-13-23T12:00:00.000Z' }),
    canonical({ castAt: '2026-11-23T12:60:00.000Z' }),
    canonical({ castAt: '2026-11-23T1x:00:00.000Z' }),
    canonical({ castAt: '-202-11-23T12:00:00.000Z' }),
    canonical({ castAt: '2026-11-23T12:00:0 .000Z' }),
    canonical({ castAt: '2026-11-23T12:00:00.0x0Z' }),
    canonical({ voteId: `${'0'.repeat(31)}g` }),
    canonical({ voteId: `${'0'.repeat(31)}"` }),
    canonical({ voteId: 'é'.repeat(32) }),
    canonical({ castAt: '2026-11-23T12:00:60.000Z' }),
    canonical({ castAt: '2026-11-23T12:00:00.0000Z' }),
    canonical({ expiresAt: '2026-11-31T12:00:00.000Z' }),
    canonical({ expiresAt: '2026-11-23T12:05:00.999Z' }),
    canonical({ extra: 1 }),
    ` ${canonical()}`,
    `${canonical()} `,
    `${canonical()}\n`,
    `${canonical()}\0`,
    `${canonical()}\0junk}}`,
    canonical().replace('altcha', 'alt\0cha'),
    `\ufeff${canonical()}`,
    canonical().replace('altcha', 'altchá'),
    'nothing',
    '',
  ])('takes for a vote what the domain takes: %j', (text) => {
    const events = record([strange({ data: Buffer.from(text) })]);
    const tally = new Tally(POLL_ID);
    tally.fold(events[0]!);
    const { votes, expired, quarantined } = tally.snapshot();
    expect(countsInSql(events)).toMatchObject({ votes, expired, quarantined });
  });

  it.each([
    ...['base', 'raised', 'suspicious', 'free', ''].map((price) => canonical2({ price })),
    ...[1, 9, 10, 11, 100, 0].map((participantId) => canonical2({}, { participantId })),
    canonical2({ provider: 'a'.repeat(32) }, { participantId: 10 }),
    canonical2({ evidence: 'F'.repeat(32) }),
    canonical2({ evidence: 'f'.repeat(31) }),
    canonical2({ evidence: 'f'.repeat(33) }),
    canonical2({ evidence: 'g'.repeat(32) }),
    canonical2({ extra: 1 }),
    canonical2({}, { castAt: '2026-11-23T12:00:01.000Z' }),
    canonical2({}, { castAt: '2026-11-23T12:00:00.001Z' }),
    canonical2({}, { expiresAt: '2026-11-23T12:05:30.000Z' }),
    canonical2({}, { castAt: '2026-02-30T12:00:00.000Z' }),
    `${canonical2()} `,
    canonical(),
  ])('takes for a vote of version 2 what the domain takes: %j', (text) => {
    const events = record([strange({ version: 2, data: Buffer.from(text) })]);
    expect(countsInSql(events)).toEqual(recount(POLL_ID, events));
  });

  it('names votes that come again as another vote', () => {
    const again = [vote('a', 1), vote('a', 1), vote('a', 2), vote('b', 1)];
    const { repeats } = countInSql(record([...again, vote('b', 1, { expiresAt: NOON + 6 * MINUTE })]));
    expect(repeats.wrong.shown.map(({ code, at }) => [code, at.revision])).toEqual([['repeat-differs', '4']]);
    // sent to two instances at once, which is honest
    expect(repeats.odd.shown.map(({ code, at }) => [code, at.revision])).toEqual([['raced-vote', '2']]);
  });

  it('does not take bytes that are no text', () => {
    const data = Buffer.from(canonical());
    data[168] = 0xff;
    expect(countsInSql(record([strange({ data })]))).toMatchObject({ votes: [0, 0], quarantined: 1 });
  });

  it('names votes with times that the service cannot have written', () => {
    const { wrong, odd } = countInSql(
      record([
        vote('a'),
        vote('b', 1, { castAt: NOON + 2 * MINUTE, recordedAt: NOON, expiresAt: NOON + 5 * MINUTE }),
        vote('c', 1, { castAt: NOON + 6 * MINUTE, recordedAt: NOON + 6 * MINUTE, expiresAt: NOON + 5 * MINUTE }),
        vote('d', 1, { castAt: NOON - 61 * MINUTE, recordedAt: NOON, expiresAt: NOON + 5 * SECOND }),
        vote('e', 1, { castAt: NOON, recordedAt: NOON + 70 * SECOND }),
        vote('f', 1, { castAt: NOON, recordedAt: NOON + 71 * SECOND }),
        vote('g', 1, { castAt: NOON, recordedAt: NOON + 6 * MINUTE + 1 }),
        // moved to the hour before, within the longest lifetime of a challenge
        vote('h', 1, { castAt: NOON - 50 * MINUTE, recordedAt: NOON + 6 * MINUTE + 1, expiresAt: NOON + 8 * MINUTE }),
      ]),
    ).times;
    expect([wrong.count, odd.count]).toEqual([5, 0]);
    expect(wrong.shown.map(({ code, at }) => [code, at.revision])).toEqual([
      ['impossible-times', '1'],
      ['impossible-times', '2'],
      ['impossible-lifetime', '3'],
      ['impossible-times', '5'],
      ['impossible-times', '7'],
    ]);
  });
});
