import type { SubscriptionPage } from '#event-log';
import { type StoredTally, digestOf } from '#read-model';

import type { Projection } from './projection.ts';

/** Two tallies of one poll at the same position of the log that do not agree. */
export interface Difference {
  readonly active: StoredTally;
  readonly rebuilt: StoredTally;
}

/** Compares freshly folded tallies with stored ones, at exactly the positions of the stored ones. */
export class Comparison {
  readonly differences: Difference[] = [];
  /** Position of the tally that was compared last, by poll. */
  readonly compared = new Map<string, bigint>();
  /** In the order of their positions. */
  private expected: StoredTally[] = [];

  constructor(private readonly projection: Projection) {}

  /** Tallies that are folded to here, or further. */
  expect(tallies: readonly StoredTally[]): void {
    this.expected = tallies.toSorted((a, b) => (a.position < b.position ? -1 : 1));
  }

  get isDone(): boolean {
    return this.expected.length === 0;
  }

  /** Folds a page, and compares wherever it passes the position of a tally. */
  async fold({ events, caughtUp }: SubscriptionPage): Promise<void> {
    let rest = events;
    for (let [next] = this.expected; next !== undefined; [next] = this.expected) {
      const { position } = next;
      const behind = rest.findIndex((event) => event.position > position);
      if (behind < 0) break;
      await this.projection.fold(rest.slice(0, behind), false);
      this.compareNext();
      rest = rest.slice(behind);
    }
    await this.projection.fold(rest, caughtUp);
    while (this.expected[0]?.position === this.projection.position) this.compareNext();
  }

  /** Compares a tally that nothing was added to between its position and ours. */
  compare(active: StoredTally): void {
    const { pollId } = active.snapshot;
    const { position } = this.projection;
    const snapshot = this.projection.snapshotOf(pollId);
    if (snapshot === undefined || this.compared.get(pollId) === active.position) return;
    this.compared.set(pollId, active.position);
    const rebuilt = { position, digest: digestOf(snapshot), snapshot };
    if (rebuilt.digest !== active.digest) this.differences.push({ active, rebuilt });
  }

  private compareNext(): void {
    const next = this.expected.shift();
    if (next !== undefined) this.compare(next);
  }
}
