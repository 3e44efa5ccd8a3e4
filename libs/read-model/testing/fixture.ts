import type { ReadModel } from '../read-model.ts';

/** One store, opened by two processes: two projectors, or a projector and a query API. */
export interface ReadModelFixture {
  readonly one: ReadModel;
  readonly other: ReadModel;
  /** Opens the store once more; the caller closes it. */
  readonly reopen: () => Promise<ReadModel>;
}
