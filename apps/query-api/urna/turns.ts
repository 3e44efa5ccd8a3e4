import { ProblemError } from '#platform';

/** Lets some do their work at a time, and others wait for their turn. */
export class Turns {
  private busy = 0;
  private readonly waiting: (() => void)[] = [];

  /** @param limits how many work at a time, and how many may wait */
  constructor(private readonly limits: { readonly atATime: number; readonly waiting: number }) {}

  /** @throws ProblemError `urna-busy` when too many wait; what the work throws */
  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.busy >= this.limits.atATime) await this.wait();
    else this.busy++;
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      // whoever is next takes this place over
      if (next === undefined) this.busy--;
      else next();
    }
  }

  private wait(): Promise<void> {
    if (this.waiting.length >= this.limits.waiting) throw new ProblemError('urna-busy');
    const { promise, resolve } = Promise.withResolvers<void>();
    this.waiting.push(resolve);
    return promise;
  }
}
