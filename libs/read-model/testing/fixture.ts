import type { ReadModel, TallyStore } from '../read-model.ts';

/** One store, opened by two processes: two projectors, or a projector and a query API. */
export interface ReadModelFixture {
  /** The tallies of the same version, seen by each of the two. */
  readonly one: TallyStore;
  readonly other: TallyStore;
  /** What they are of. */
  readonly models: readonly [one: ReadModel, other: ReadModel];
  /** Opens the store once more, for programs of a format of tallies; the caller closes it. */
  readonly reopen: (format?: number) => Promise<ReadModel>;
}
