import type { EarlierMinute, PeakMinute } from '#contract';
import { MINUTE_MS, type OpenedPoll, type Poll, isoTime } from '#domain';
import { type PollTally, type TallyOf, isOpened } from '#read-model';

/** Earlier polls that one is compared with. */
const MAX_POLLS = 3;

const minuteOf = (time: string | number): number => Math.floor(new Date(time).getTime() / MINUTE_MS);

/** A minute of a poll, counted from its opening. */
const minuteAfter = ({ openedAt }: OpenedPoll, index: number): string =>
  isoTime((minuteOf(openedAt) + index) * MINUTE_MS);

/** The minute of a poll with the most votes, the first of those that are equal; null while there are none. */
export function peakMinute({ poll, pace = [] }: PollTally['snapshot']): PeakMinute | null {
  const total = pace.reduce((most, votes) => Math.max(most, votes), 0);
  return total === 0 ? null : { minuto: minuteAfter(poll, pace.indexOf(total)), total };
}

/**
 * What earlier polls had in the minute, counted from the opening, that is the last whole one of this poll. Rehearsals and annulled
 * polls are no measure, and neither is one that was over by then.
 * @param all polls, the newest first
 */
export function earlierMinutes(poll: OpenedPoll, all: readonly TallyOf<Poll>[], now: number): EarlierMinute[] {
  const index = minuteOf(now) - minuteOf(poll.openedAt) - 1;
  return all
    .filter(isOpened)
    .filter(({ snapshot: { poll: other } }) => other.openedAt < poll.openedAt && isMeasure(other))
    .flatMap(({ snapshot: { poll: other, pace } }) => {
      const total = pace?.[index];
      if (total === undefined) return [];
      return [{ paredao: other.id, titulo: other.title, minuto: minuteAfter(other, index), total }];
    })
    .slice(0, MAX_POLLS);
}

const isMeasure = ({ rehearsal, annulled }: Poll): boolean => rehearsal === undefined && annulled === undefined;
