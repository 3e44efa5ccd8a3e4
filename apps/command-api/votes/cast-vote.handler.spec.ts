import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createSecretKey } from 'node:crypto';
import { Counter, Registry } from 'prom-client';

import { cedulaOf } from '#contract/views';
import type { Poll, VoteCast } from '#domain';
import { type AppendResult, EventLogUnavailableError } from '#event-log';
import { AltchaHumanCheck, EvidenceKey, HumanCheck, type PassedCheck } from '#human-check';

import type { PollDirectory } from '../polls/poll-directory.ts';
import type { BoxOpener } from '../poll-lifecycle/box-opener.ts';
import type { LogWatch } from '../poll-lifecycle/log-watch.ts';
import type { BallotBox } from './ballot-box.ts';
import { evidenceKeys } from '../testing/polls.ts';
import { CastVote } from './cast-vote.command.ts';
import { CastVoteHandler } from './cast-vote.handler.ts';
import { UsedChallenges } from './used-challenges.ts';

const OPEN: Poll = {
  id: '1',
  title: 'Quem fica?',
  status: 'open',
  participants: [
    { number: 1, name: 'Ana' },
    { number: 2, name: 'Bento' },
  ],
  openedAt: '2026-11-23T22:00:00.000Z',
  closedAt: null,
};
const CLOSED: Poll = { ...OPEN, status: 'closed' };
const endsAt = (time: number): Poll => ({
  ...OPEN,
  schedule: { opensAt: null, closesAt: new Date(time).toISOString(), by: 'ana' },
});

let poll: Poll | undefined;
let put: jest.Mock<(pollId: string, vote: VoteCast) => Promise<AppendResult>>;
let handler: CastVoteHandler;
let [trusted, isBoxOpen] = [true, true];
let used: UsedChallenges;
let outcomes: Counter;

/** At this difficulty the solution is always 0. */
const check = (lifetimeSeconds = 300): AltchaHumanCheck =>
  new AltchaHumanCheck({ key: createSecretKey(Buffer.alloc(32, 1)), difficulty: 1, lifetimeSeconds });

function solution(from = check(), pollId = '1'): string {
  const challenge = from.issue(pollId);
  return Buffer.from(JSON.stringify({ challenge, solution: { counter: 0 } })).toString('base64');
}

const cast = (participantId: number, solved: string): Promise<string> =>
  handler.execute(new CastVote(participantId, solved, poll && cedulaOf(poll))).then(
    ({ receipt, repeated }) => `${repeated ? 'repeated' : 'stored'} at ${String(receipt.position)}`,
    (error: unknown) => (error as { code: string }).code,
  );

const assert = (isSo: boolean): void => {
  if (!isSo) throw new EventLogUnavailableError('nobody knows whether the poll is open, or its box');
};
const doors = { assertTrustworthy: () => assert(trusted), assertOpen: () => assert(isBoxOpen) };

function handlerWith(humanCheck: HumanCheck): CastVoteHandler {
  const polls = { lastOpened: () => poll, lastRehearsal: () => poll } as unknown as PollDirectory;
  const [watch, boxes, box] = [doors, doors, { put }] as unknown as [LogWatch, BoxOpener, BallotBox];
  return new CastVoteHandler(polls, watch, boxes, used, humanCheck, box, evidenceKeys(), outcomes);
}

beforeEach(() => {
  poll = OPEN;
  [trusted, isBoxOpen] = [true, true];
  used = new UsedChallenges(300_000);
  used.becomeComplete();
  let position = 0n;
  put = jest.fn((_pollId: string, _vote: VoteCast) => Promise.resolve({ position: ++position, revision: 0n }));
  outcomes = new Counter({ name: 'outcomes', help: '-', labelNames: ['outcome'], registers: [new Registry()] });
  handler = handlerWith(check());
});

describe('casting a vote', () => {
  it('puts it into the ballot box of the current poll and gives the receipt', async () => {
    const before = Date.now();
    const solved = solution();
    const { receipt, repeated } = await handler.execute(new CastVote(2, solved, poll && cedulaOf(poll)));
    const [pollId, vote] = put.mock.calls[0] ?? [];

    expect(pollId).toBe('1');
    expect(vote).toMatchObject({ participantId: 2, humanCheck: { provider: 'altcha', difficulty: 1 } });
    expect(vote?.castAt).toBeGreaterThanOrEqual(before);
    expect(vote?.expiresAt).toBeGreaterThan(before + 290_000);
    expect(receipt).toEqual({
      voteId: vote?.voteId,
      pollId: '1',
      participantId: 2,
      castAt: vote?.castAt,
      position: 1n,
    });
    expect(repeated).toBe(false);
  });

  it('is possible up to the announced end', async () => {
    poll = endsAt(Date.now() + 60_000);

    expect(await cast(1, solution())).toBe('stored at 1');
  });

  it('of a rehearsal goes into its own queue, and is no human check of anybody', async () => {
    poll = { ...OPEN, id: '7', rehearsal: true };

    expect(await cast(1, solution(check(), '7'))).toBe('stored at 1');
    expect(await cast(1, 'forged')).toBe('human-check-invalid');
    expect(put.mock.calls).toEqual([['7', expect.objectContaining({ participantId: 1 }), true]]);
    expect((await outcomes.get()).values.map(({ value }) => value)).toEqual([0, 0, 0, 0, 0]);
  });

  it('takes no challenge of a real poll for a rehearsal, and none of a rehearsal for a real poll', async () => {
    expect(await cast(1, solution(check(), '7'))).toBe('human-check-invalid');
    poll = { ...OPEN, id: '7', rehearsal: true };
    expect(await cast(1, solution(check(), '1'))).toBe('human-check-invalid');
  });

  it('counts human checks by outcome', async () => {
    await cast(1, solution());
    await cast(1, 'forged');
    await cast(1, solution(check(5)));

    const counts = (await outcomes.get()).values.map(({ labels, value }) => [labels['outcome'], value]);
    expect(counts).toEqual([
      ['passed', 1],
      ['human-check-invalid', 1],
      ['human-check-expired', 1],
      ['captcha-invalid', 0],
      ['captcha-unavailable', 0],
    ]);
  });
});

describe('the ballot that the voter saw', () => {
  const codeOf = (participantId: number, solved: string, cedula?: string): Promise<unknown> =>
    handler.execute(new CastVote(participantId, solved, cedula)).then(
      () => 'stored',
      (error: unknown) => (error as { code: string }).code,
    );
  const [first, second] = OPEN.participants.map(({ name }) => name);
  const exchanged: Poll = {
    ...OPEN,
    participants: [
      { number: 1, name: second! },
      { number: 2, name: first! },
    ],
  };

  it.each<[string, string | undefined]>([
    ['of another poll', cedulaOf({ ...OPEN, id: '0' })],
    ['with exchanged names', cedulaOf(exchanged)],
    ['that nobody names', undefined],
    ['that is none', ''],
  ])('is another one, %s: no vote', async (_which, cedula) => {
    expect(await codeOf(1, solution(), cedula)).toBe('poll-changed');
    expect(put).not.toHaveBeenCalled();
  });

  it('is of the poll before: that is said, whatever else is wrong with the challenge', async () => {
    const cedula = cedulaOf(OPEN);
    poll = { ...OPEN, id: '2' };
    expect(await codeOf(1, solution(), cedula)).toBe('poll-changed');
  });

  it('changes back and forth: only the one that is open counts', async () => {
    poll = exchanged;
    expect(await codeOf(1, solution(), cedulaOf(OPEN))).toBe('poll-changed');
    expect(await codeOf(1, solution(), cedulaOf(exchanged))).toBe('stored');
  });
});

describe('in a poll of rule 2', () => {
  const key = evidenceKeys().of('1');

  it('a vote holds nothing that singles it out, and the evidence that its id was a challenge', async () => {
    poll = { ...OPEN, evidenceKeyHash: key.hash };
    expect(await cast(1, solution())).toBe('stored at 1');
    const [, vote] = put.mock.calls[0]!;
    expect([vote.castAt % 60_000, vote.expiresAt % 60_000]).toEqual([0, 0]);
    expect(vote.expiresAt).toBeGreaterThanOrEqual(Date.now() + 290_000);
    expect(Object.keys(vote.humanCheck)).toEqual(['provider', 'price', 'evidence']);
    expect(EvidenceKey.disclosed(key.hex).proves(vote)).toBe(true);
  });

  it('that was opened with another key, no vote is taken', async () => {
    poll = { ...OPEN, evidenceKeyHash: evidenceKeys(8).of('1').hash };
    expect(await cast(1, solution())).toBe('evidence-key-mismatch');
    expect(put).not.toHaveBeenCalled();
  });
});

describe('a vote is refused', () => {
  it.each<[string, Poll | undefined, number, () => string, string]>([
    ['before the first poll', undefined, 1, solution, 'poll-not-open'],
    ['in a closed poll', CLOSED, 1, solution, 'poll-not-open'],
    [
      'after the announced end, though nobody has closed the poll yet',
      endsAt(Date.now()),
      1,
      solution,
      'poll-not-open',
    ],
    ['in a sealed poll', { ...OPEN, status: 'sealed' }, 1, solution, 'poll-not-open'],
    ['for nobody', OPEN, 3, solution, 'participant-not-found'],
    ['for nobody, before the human check is looked at', OPEN, 3, () => 'forged', 'participant-not-found'],
    ['for nobody in a closed poll', CLOSED, 3, () => 'forged', 'poll-not-open'],
    ['without a human check', OPEN, 1, () => 'forged', 'human-check-invalid'],
    ['without a human check in a closed poll', CLOSED, 1, () => 'forged', 'human-check-invalid'],
    ['with the challenge of another poll', OPEN, 1, () => solution(check(), '2'), 'human-check-invalid'],
    ['with too little time left to store it', OPEN, 1, () => solution(check(9)), 'human-check-expired'],
  ])('%s', async (_when, current, participantId, solved, code) => {
    poll = current;

    expect(await cast(participantId, solved())).toBe(code);
    expect(put).not.toHaveBeenCalled();
  });

  it('while nobody knows whether the poll is still open, and before its ballot box is; its first answer is given again all the same', async () => {
    const earlier = solution();
    await cast(1, earlier);
    trusted = false;
    const solved = solution();

    expect(await cast(1, solved)).toBe('log-unavailable');
    expect(await cast(1, earlier)).toBe('repeated at 1');
    expect(put).toHaveBeenCalledTimes(1);
    [trusted, isBoxOpen] = [true, false];
    expect(await cast(1, solved)).toBe('log-unavailable');
    isBoxOpen = true;
    expect(await cast(1, solved)).toBe('stored at 2');
  });
});

it('a challenge from before the start waits until the votes of that time were read; one from after it is taken at once', async () => {
  const [before, now] = [solution(check(240)), Date.now()];
  used = new UsedChallenges(300_000);
  handler = handlerWith(check());
  expect(await cast(1, before)).toBe('log-unavailable');
  jest.spyOn(Date, 'now').mockReturnValue(now + 1000);
  expect(await cast(1, solution())).toBe('stored at 1');
  jest.restoreAllMocks();
  used.becomeComplete();
  expect(await cast(1, before)).toBe('stored at 2');
});

describe('the same solved challenge again', () => {
  it('gets the first answer, however often it comes', async () => {
    const solved = solution();
    const first = await handler.execute(new CastVote(1, solved, poll && cedulaOf(poll)));
    const again = await handler.execute(new CastVote(1, solved, poll && cedulaOf(poll)));

    expect(again).toEqual({ receipt: first.receipt, repeated: true });
    expect(put).toHaveBeenCalledTimes(1);
  });

  it('gets the same answer while the first is still on its way', async () => {
    const { promise, resolve } = Promise.withResolvers<AppendResult>();
    put.mockReturnValueOnce(promise);
    const solved = solution();
    const answers = Array.from({ length: 50 }, () => cast(1, solved));
    resolve({ position: 9n, revision: 0n });

    expect((await Promise.all(answers)).toSorted()).toEqual([
      ...Array<string>(49).fill('repeated at 9'),
      'stored at 9',
    ]);
    expect(put).toHaveBeenCalledTimes(1);
  });

  it('is refused for another participant', async () => {
    const solved = solution();
    await cast(1, solved);

    expect(await cast(2, solved)).toBe('human-check-used');
    expect(put).toHaveBeenCalledTimes(1);
  });

  it('gets its first answer after the poll was closed, too', async () => {
    const solved = solution();
    await cast(1, solved);
    poll = CLOSED;

    expect(await cast(1, solved)).toBe('repeated at 1');
    expect(await cast(2, solved)).toBe('human-check-used');
    expect(await cast(1, solution())).toBe('poll-not-open');
  });

  it('is a new try when the first one was not stored for certain', async () => {
    put.mockRejectedValueOnce(new EventLogUnavailableError('gone'));
    const solved = solution();

    expect(await cast(1, solved)).toBe('log-unavailable');
    expect(await cast(1, solved)).toBe('stored at 1');
    const [first, second] = put.mock.calls.map(([, vote]) => vote.voteId);
    expect(second).toBe(first);
  });
});

describe('while a third party is asked about a vote', () => {
  /** The same check, whose answer waits. */
  class AskingCheck extends HumanCheck {
    readonly answer = Promise.withResolvers<void>();
    private readonly inner = check();

    override issue(pollId: string): ReturnType<HumanCheck['issue']> {
      return this.inner.issue(pollId);
    }

    override pollOf(solution: string): string | undefined {
      return this.inner.pollOf(solution);
    }

    override verify(...given: Parameters<AltchaHumanCheck['verify']>): Promise<PassedCheck> {
      return this.answer.promise.then(() => this.inner.verify(...given));
    }
  }

  let asking: AskingCheck;

  beforeEach(() => {
    asking = new AskingCheck();
    handler = handlerWith(asking);
  });

  it.each<[string, Poll, string]>([
    ['the poll may be closed', CLOSED, 'poll-not-open'],
    ['another one may be opened', { ...OPEN, id: '2' }, 'poll-changed'],
  ])('%s: then the vote is not taken', async (_what, later, code) => {
    const answer = cast(1, solution());
    poll = later;
    asking.answer.resolve();

    expect(await answer).toBe(code);
    expect(put).not.toHaveBeenCalled();
  });

  it('retries for either participant wait; one of them is taken', async () => {
    const solved = solution();
    const answers = [cast(1, solved), cast(2, solved), cast(1, solved)];
    asking.answer.resolve();

    expect(await Promise.all(answers)).toEqual(['stored at 1', 'human-check-used', 'repeated at 1']);
    expect(put).toHaveBeenCalledTimes(1);
  });
});
