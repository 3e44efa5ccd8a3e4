import { afterEach, describe, expect, it } from '@jest/globals';

import { encodePollEvent, decodePollEvent } from './poll-events.ts';
import type { RecordedEvent } from './recorded-event.ts';
import { Tally } from '../tally/tally.ts';
import { decodeText } from './canonical.ts';
import { UnreadableEventError } from '../errors.ts';
import { UPCASTERS } from './upcasters.ts';
import { encodeVoteCast } from './vote-cast.ts';

const CAST_AT = Date.UTC(2026, 10, 23, 22);
const encoder = new TextEncoder();

/** A vote as a version 0 that never was would have written it: `<id> <participant> <ms>`. */
const voteOfOld = (id: string, participant: number, revision = 0n): RecordedEvent => ({
  stream: 'votes-1',
  revision,
  position: revision + 1n,
  recordedAt: CAST_AT,
  id: '00000000-0000-4000-8000-000000000000',
  type: 'VoteCast',
  version: 0,
  data: encoder.encode(`${id} ${participant} ${CAST_AT}`),
});

const fromOld = (data: Uint8Array): ReturnType<typeof encodeVoteCast> => {
  const [voteId = '', participant, castAt] = decodeText(data).split(' ');
  if (!/^[0-9a-f]{32}$/.test(voteId)) throw new UnreadableEventError('not-canonical', 'not a vote of version 0');
  const humanCheck = { provider: 'altcha', difficulty: 1 };
  const at = Number(castAt);
  return encodeVoteCast({
    voteId,
    participantId: Number(participant),
    castAt: at,
    expiresAt: at + 300_000,
    humanCheck,
  });
};

const foldOld = (...events: RecordedEvent[]) => {
  const tally = new Tally('1');
  for (const event of events) tally.fold(event);
  return tally.snapshot();
};

const ONE = voteOfOld('a'.repeat(32), 1);
const OTHER = voteOfOld('b'.repeat(32), 2, 1n);

describe('an upcaster', () => {
  afterEach(() => UPCASTERS.clear());

  it('is missing: the event is quarantined', () => {
    expect(foldOld(ONE, OTHER)).toMatchObject({ votes: [0, 0], quarantined: 2 });
    expect(foldOld(ONE).quarantine[0]?.reason).toBe('unknown-event');
  });

  it('makes a vote of an old version count, once', () => {
    UPCASTERS.set('VoteCast@0', fromOld);
    expect(foldOld(ONE, OTHER, { ...ONE, revision: 2n, position: 3n })).toMatchObject({
      votes: [1, 1],
      duplicates: 1,
      quarantined: 0,
      revision: '2',
      hours: { '2026-11-23T22': [1, 1] },
    });
  });

  it('is there after a restart too, when the ids are refilled', () => {
    UPCASTERS.set('VoteCast@0', fromOld);
    const restarted = Tally.from(foldOld(ONE));
    restarted.remember(ONE);
    restarted.fold({ ...ONE, revision: 1n, position: 2n });
    expect(restarted.snapshot()).toMatchObject({ votes: [1, 0], duplicates: 1 });
  });

  it('leaves what it cannot read in quarantine, with its reason', () => {
    UPCASTERS.set('VoteCast@0', fromOld);
    const { quarantined, quarantine } = foldOld({ ...ONE, data: encoder.encode('?') });
    expect([quarantined, quarantine[0]?.reason]).toEqual([1, 'not-canonical']);
  });

  it('takes an event through version after version', () => {
    UPCASTERS.set('PollClosed@-1', (data) => ({ type: 'PollClosed', version: 0, data }));
    UPCASTERS.set('PollClosed@0', (data) => ({ type: 'PollClosed', version: 1, data }));
    const closed = { type: 'PollClosed', pollId: '1', closedAt: '2026-11-23T22:00:00.000Z', by: 'a' } as const;
    expect(decodePollEvent({ ...encodePollEvent(closed), version: -1 })).toEqual(closed);
  });
});
