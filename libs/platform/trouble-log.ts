import type { Logger } from '@nestjs/common';

const INTERVAL_MS = 1000;

interface Said {
  /** On the clock of `performance.now()`, ms. */
  at: number;
  /** How often it came since. */
  times: number;
}

/** Says what a store gets over by itself: each trouble at most once a second, with how often it came since the last line. */
export class TroubleLog {
  private readonly said = new Map<string, Said>();

  /** @param place where the store is, without its password */
  constructor(
    private readonly logger: Pick<Logger, 'warn'>,
    private readonly place: string | undefined,
  ) {}

  /** @param what is one of a few fixed texts */
  report(what: string, err: Error): void {
    const last = this.said.get(what) ?? { at: -Infinity, times: 0 };
    this.said.set(what, last);
    last.times++;
    if (performance.now() - last.at < INTERVAL_MS) return;
    this.logger.warn({ err, times: last.times, store: this.place }, what);
    last.at = performance.now();
    last.times = 0;
  }
}
