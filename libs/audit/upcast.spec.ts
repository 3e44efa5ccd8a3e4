import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { UPCASTERS, UnreadableEventError, encodeBallotBoxClosed, encodePollEvent, encodeVoteCast } from '#domain';

import { MINUTE, NOON, cut, strange, vote, voteIdOf } from '../domain/testing/ballot-box.ts';
import { Voted, WHOLE_POLL, failuresOf, found } from './testing/voted.ts';

const humanCheck = { provider: 'altcha', difficulty: 1 };
const [OPENED, ...REST] = WHOLE_POLL;
const CLOSED = REST.find(({ content }) => content.type === 'PollClosed')!;

/** A release that reads what an old one wrote: a vote as its name, and decisions and cuts with a field of their own. */
beforeEach(() => {
  UPCASTERS.set('VoteCast@0', (data) => {
    const name = Buffer.from(data).toString();
    if (name === '?') throw new UnreadableEventError('not-canonical', 'no name');
    return encodeVoteCast({
      voteId: voteIdOf(name),
      participantId: 1,
      castAt: NOON,
      expiresAt: NOON + MINUTE,
      humanCheck,
    });
  });
  UPCASTERS.set('PollClosed@0', () => CLOSED.content);
  UPCASTERS.set('BallotBoxClosed@0', () => encodeBallotBoxClosed('paredao-1', new Date(NOON).toISOString()));
});
afterEach(() => UPCASTERS.clear());

const old = (type: string, text: string) => strange({ type, version: 0, data: Buffer.from(text) });

async function failuresWith(...entries: Parameters<typeof Voted.from>[0] & object): Promise<object> {
  const voted = await Voted.from([OPENED!, ...entries]);
  const failures = failuresOf(await voted.audit());
  voted.dispose();
  return failures;
}

describe('events of an old version', () => {
  it('are counted by both recounts, once there is an upcaster', async () => {
    // the second b is a duplicate for both; that it is another vote is said of it
    expect(await failuresWith(old('VoteCast', 'a'), vote('b', 2), old('VoteCast', 'b'))).toEqual({
      repeats: [found('repeat-differs', { revision: '2' })],
    });
  });

  it('need not have the bytes of the new one', async () => {
    const closed = { ...CLOSED, content: { ...encodePollEvent(closedEvent), version: 0 } };
    expect(
      await failuresWith(vote('b'), closed, { ...old('BallotBoxClosed', '{}'), recordedAt: CLOSED.recordedAt }),
    ).toEqual({});
  });

  it('are in quarantine for both, where the upcaster cannot read them', async () => {
    expect(await failuresWith(old('VoteCast', '?'), cut(NOON))).not.toHaveProperty('independent');
  });
});

const closedEvent = { type: 'PollClosed', pollId: 'paredao-1', closedAt: 'long ago', by: 'x' } as const;
