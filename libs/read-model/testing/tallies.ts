import { Tally, type TallySnapshot } from '#domain';

import { type StoredTally, digestOf } from '../read-model.ts';

/** A tally with some votes, as a projector would store it at this position. */
export function tallyAt(pollId: string, position: bigint, votes = [3, 4]): StoredTally {
  const snapshot: TallySnapshot = {
    ...new Tally(pollId).snapshot(),
    poll: {
      id: pollId,
      title: 'Quem sai? "José" ou {Ana} $1',
      status: 'sealed',
      participants: [
        { number: 1, name: 'José' },
        { number: 2, name: 'Ana\u2028\u{1f5f3}' },
      ],
      openedAt: '2026-11-23T22:00:00.000Z',
      closedAt: '2026-11-23T23:00:00.000Z',
    },
    votes,
    hours: { '2026-11-23T22': votes, '2026-11-23T23': [0, 0] },
    minutes: { '2026-11-23T22:41': votes },
    quarantined: 1,
    quarantine: [{ stream: `votes-${pollId}`, revision: '5', position: String(position), reason: 'not UTF-8' }],
    revision: String(2n ** 60n + 1n),
    cut: '9007199254740993',
    clock: 1_795_471_200_000,
    windowFrom: String(2n ** 62n + 1n),
    windowUntil: 1_795_471_560_000,
  };
  const last = { stream: `votes-${pollId}`, revision: String(2n ** 60n + 1n), id: `an id of ${String(position)}` };
  return { position, digest: digestOf(snapshot), snapshot, last };
}
