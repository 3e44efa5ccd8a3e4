import { APPEND_DEADLINE_MS } from '#domain';

/** So long after votes were given up they count as not stored, even when nobody votes at that moment, ms. */
const REMEMBERED_MS = 5000;

/** Something that waits for the log; its deadline is on the clock of `performance.now()`, ms. */
interface Waiting {
  readonly deadline: number;
}

/** How long votes have been waiting. */
export interface Waits {
  /** Age of the oldest vote that has no answer yet, ms. */
  readonly oldestMs: number;
  /** For so long votes have come in and none was stored, ms; 0 while the log stores, or nobody votes. */
  readonly standstillMs: number;
}

/**
 * Knows how long votes wait for the log. It hears of batches only: a vote costs nothing here.
 * All times are on the clock of `performance.now()`, ms.
 */
export class CommitWatch {
  /** The batches on their way, in the order in which they left: the first has the oldest vote. */
  private readonly underWay = new Set<readonly Waiting[]>();
  /** Since when nothing was stored: the last answer of the log, or the first vote since then. */
  private since = 0;
  private lastGivenUp = -Infinity;

  left(batch: readonly Waiting[]): void {
    if (this.underWay.size === 0 && !this.hasGivenUp(performance.now())) this.since = enteredAt(batch[0]!);
    this.underWay.add(batch);
  }

  /** The log stored something, or said why it does not. */
  answered(): void {
    this.since = performance.now();
    this.lastGivenUp = -Infinity;
  }

  /** A batch passed its deadline without an answer. */
  gaveUp(): void {
    this.lastGivenUp = performance.now();
  }

  ended(batch: readonly Waiting[]): void {
    this.underWay.delete(batch);
  }

  /** @param next the oldest of those that have not left yet */
  waits(next: Waiting | undefined): Waits {
    const now = performance.now();
    const [batch] = this.underWay;
    const oldest = batch?.[0] ?? next;
    const oldestMs = oldest === undefined ? 0 : Math.max(now - enteredAt(oldest), 0);
    const sinceMs = now - this.since;
    return { oldestMs, standstillMs: this.hasGivenUp(now) ? sinceMs : Math.min(sinceMs, oldestMs) };
  }

  private hasGivenUp(now: number): boolean {
    return now - this.lastGivenUp < REMEMBERED_MS;
  }
}

const enteredAt = ({ deadline }: Waiting): number => deadline - APPEND_DEADLINE_MS;
