import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

import { MAX_APPEND_BYTES, MAX_APPEND_EVENTS, EventLogUnavailableError } from '#event-log';
import { type VoteCast, encodeVoteCast } from '#domain';
import { Readiness, readEnvironment } from '#platform';
import { faultOf, parseReceipt, receiptBytes } from '#receipts';
import { SealKeys, leafOf, parsePollKeys } from '#seal';
import { verifierOf } from '#transparency';

import { type LogLine, recordingLogger } from '../../../libs/platform/testing/recording-logger.ts';
import type { BoxOpener } from '../poll-lifecycle/box-opener.ts';
import { type HeldAppend, heldLog, settled } from '../testing/held-log.ts';
import { BallotBox } from './ballot-box.ts';

const VOTE: VoteCast = {
  voteId: 'ab'.repeat(16),
  participantId: 1,
  castAt: 1,
  expiresAt: 300_001,
  humanCheck: { provider: 'altcha', difficulty: 50 },
};

const KEYS = new SealKeys([Buffer.alloc(32, 1)]);
const NOTE = KEYS.noteFor('voto.example', '1');
/** Only the box of poll 1 was opened as one that has keys. */
const boxes = {
  signersOf: (pollId: string) => (pollId === '1' ? KEYS.signersOf(NOTE, 'voto.example', '1') : undefined),
} as unknown as BoxOpener;

let appends: HeldAppend[];
let lines: LogLine[];
let box: BallotBox;
let depth: Gauge;
let retries: Counter;
let readiness: Readiness;

beforeEach(() => start());

function start(receipts: 'on' | 'off' = 'on'): void {
  const held = heldLog();
  const recording = recordingLogger();
  ({ appends } = held);
  ({ lines } = recording);
  const registers = [new Registry()];
  const histogram = (name: string): Histogram => new Histogram({ name, help: '-', registers });
  depth = new Gauge({ name: 'depth', help: '-', registers });
  retries = new Counter({ name: 'retries', help: '-', registers });
  readiness = new Readiness();
  const environment = readEnvironment({ voteQueueLimit: 3, voteReceipts: receipts }, {});
  const metrics = [histogram('size'), histogram('duration'), retries, depth] as const;
  box = new BallotBox(held.log, environment, boxes, ...metrics, recording.logger, readiness);
}

const succeed = (append: HeldAppend | undefined): void => append?.resolve({ position: 1n, revision: 0n });

// what still waits would be rejected at its deadline, in the middle of another spec
afterEach(async () => {
  await settled();
  appends.forEach(succeed);
  await settled();
  expect(box.depth).toBe(0);
});

describe('a rehearsal with a full queue', () => {
  it('refuses its own votes, no real one, and is not told of as the queue of the votes', async () => {
    for (let vote = 0; vote < 3; vote++) void box.put('7', VOTE, true);
    await expect(box.put('7', VOTE, true)).rejects.toMatchObject({ code: 'queue-full' });
    void box.put('1', VOTE);
    await settled();

    expect(appends.map(({ stream }) => stream)).toContain('votes-1');
    expect((await depth.get()).values[0]?.value).toBe(1);
  });

  it('leaves the service ready for real votes, also while the log does not take its own', async () => {
    void box.put('7', VOTE, true);
    await settled();
    for (let attempt = 0; attempt < 3; attempt++) {
      appends[attempt]?.reject(new EventLogUnavailableError('deleted'));
      while (appends.length < attempt + 2) await new Promise((resolve) => setTimeout(resolve, 5));
    }

    await Promise.all(readiness.checks().map(([, check]) => check()));
    expect((await retries.get()).values[0]?.value).toBe(3);
  });
});

describe('the ballot boxes', () => {
  it('hold the votes of each poll apart, in their canonical form', async () => {
    void box.put('1', VOTE);
    void box.put('2', VOTE);
    await settled();

    expect(appends.map(({ stream }) => stream)).toEqual(['votes-1', 'votes-2']);
    expect(appends[0]?.events).toMatchObject([encodeVoteCast(VOTE)]);
    expect((await depth.get()).values[0]?.value).toBe(2);
  });

  it('give a receipt of the very event that is stored, by the key of the box', async () => {
    const stored = box.put('1', VOTE);
    await settled();
    succeed(appends[0]);
    const receipt = parseReceipt(receiptBytes((await stored).receipt!));

    expect(faultOf(receipt, verifierOf(parsePollKeys(NOTE).receipts))).toBeUndefined();
    expect(Buffer.from(receipt.leaf)).toEqual(leafOf(appends[0]!.events[0]!));
  });

  it.each<['on' | 'off', string, string]>([
    ['off', '1', 'of a service that gives none'],
    ['on', '2', 'of a poll of an earlier version'],
  ])('with receipts %s give none in poll %s, %s', async (receipts, pollId) => {
    start(receipts);
    const stored = box.put(pollId, VOTE);
    await settled();
    succeed(appends[0]);

    expect(await stored).toEqual({ position: 1n, revision: 0n });
  });

  it('take only as many votes as the environment says', async () => {
    for (let vote = 0; vote < 3; vote++) void box.put('1', VOTE);

    await expect(box.put('1', VOTE)).rejects.toMatchObject({ code: 'queue-full' });
  });

  it('are not closed before everything in them is stored', async () => {
    void box.put('1', VOTE);
    void box.put('2', VOTE);
    let closed = false;
    const closing = box.beforeApplicationShutdown().then(() => (closed = true));
    await settled();
    succeed(appends[0]);
    await settled();
    expect(closed).toBe(false);
    succeed(appends[1]);
    await closing;
    expect(box.depth).toBe(0);
  });

  it('count every retry, log at most one a second, and are not ready meanwhile', async () => {
    const stored = box.put('1', VOTE);
    await settled();
    for (let attempt = 0; attempt < 3; attempt++) {
      appends[attempt]?.reject(new EventLogUnavailableError('gone'));
      while (appends.length < attempt + 2) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const ready = (): Promise<unknown> => Promise.all(readiness.checks().map(([, check]) => check()));
    await expect(ready()).rejects.toThrow('the event log does not take votes');
    succeed(appends[3]);
    await stored;
    await ready();

    expect((await retries.get()).values[0]?.value).toBe(3);
    expect(lines).toMatchObject([{ level: 'error', fields: { code: 'log-unavailable', queue: 1 } }]);
  });

  it('never fill an append beyond what a log takes, at the largest batch and the longest votes', () => {
    const longest = { ...VOTE, humanCheck: { provider: 'x'.repeat(32), difficulty: 1e15 - 1 } };

    expect(encodeVoteCast(longest).data.byteLength * MAX_APPEND_EVENTS).toBeLessThanOrEqual(MAX_APPEND_BYTES);
  });
});
