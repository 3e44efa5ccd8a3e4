import { type OpenedPoll, type Poll, lastOpenedOf, wasOpened } from '#domain';

import type { StoredTally } from './read-model.ts';

/** A tally of a poll of which at least the draft is known. */
export type TallyOf<P extends Poll> = StoredTally & { readonly snapshot: { readonly poll: P } };

/** A tally of a poll that was really opened. */
export type PollTally = TallyOf<OpenedPoll>;

export const isOpened = (tally: StoredTally | undefined): tally is PollTally => wasOpened(tally?.snapshot.poll);

/** Of a poll that somebody made and did not discard. */
export const isPrepared = (tally: StoredTally | undefined): tally is TallyOf<Poll> =>
  tally !== undefined && tally.snapshot.poll !== null && tally.snapshot.poll.status !== 'discarded';

/** Every poll, those that are prepared too and no discarded drafts, the newest first. */
export function newestFirst(tallies: Iterable<StoredTally>): TallyOf<Poll>[] {
  return [...tallies].filter(isPrepared).sort((a, b) => Number(b.snapshot.pollId) - Number(a.snapshot.pollId));
}

const isReal = ({ snapshot }: TallyOf<Poll>): boolean => snapshot.poll.rehearsal === undefined;

/** The real poll that was opened last: nobody means a rehearsal without its number. */
export function lastOpened(tallies: Iterable<StoredTally>): PollTally | undefined {
  const opened = newestFirst(tallies).filter(isReal).filter(isOpened);
  return lastOpenedOf(opened, ({ snapshot }) => BigInt(snapshot.openedPosition ?? 0));
}

/** The real poll that opens by itself next. */
export function nextScheduled(tallies: Iterable<StoredTally>): TallyOf<Poll> | undefined {
  const opensAt = ({ snapshot: { poll } }: TallyOf<Poll>): string | null =>
    poll.status === 'draft' ? (poll.schedule?.opensAt ?? null) : null;
  return newestFirst(tallies)
    .filter((tally) => isReal(tally) && opensAt(tally) !== null)
    .sort((a, b) => (opensAt(a)! < opensAt(b)! ? -1 : 1))[0];
}
