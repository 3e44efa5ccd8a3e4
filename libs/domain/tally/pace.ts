import type { Poll } from '../poll/poll.ts';
import { MINUTE_MS } from '../wire/canonical.ts';

/** Three days: a tally is stored whole, several times a second, and must stay small. */
const MAX_MINUTES = 3 * 24 * 60;

/**
 * Counted votes in each minute since a poll was opened, of all participants together: by it polls are compared. Later votes of a poll
 * that is open for longer are left out.
 */
export class Pace {
  /** Votes in the minute of the opening, in the next one, … */
  private readonly votes: number[] = [];
  private readonly opened: number;

  private constructor(openedAt: string, votes: readonly number[]) {
    this.opened = minuteOf(Date.parse(openedAt));
    this.votes.push(...votes);
  }

  /**
   * @param votes as they were stored
   * @returns undefined for a poll that is not open yet
   */
  static of(poll: Pick<Poll, 'openedAt'> | null, votes: readonly number[] = []): Pace | undefined {
    const openedAt = poll?.openedAt ?? null;
    return openedAt === null ? undefined : new Pace(openedAt, votes);
  }

  /** Takes in a vote that counts, cast at `time`, ms since the epoch. */
  add(time: number): void {
    const index = minuteOf(time) - this.opened;
    if (index < 0 || index >= MAX_MINUTES) return;
    while (this.votes.length <= index) this.votes.push(0);
    this.votes[index]!++;
  }

  snapshot(): number[] {
    return [...this.votes];
  }
}

const minuteOf = (time: number): number => Math.floor(time / MINUTE_MS);
