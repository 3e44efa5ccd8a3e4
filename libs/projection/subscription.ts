import { POLL_STREAM_PREFIXES } from '#domain';
import { type EventLog, START, type SubscriptionPage } from '#event-log';

import type { Projection } from './projection.ts';

const LONGEST_PATIENCE_MS = 60_000;

/**
 * The subscription of a projection to its log. One that is silent may be late, or dead: it is opened again, and nothing is said. It has left
 * an event out when it brought a later one, or when it was opened after the event was seen in the log and came to the end without it.
 */
export class Subscription {
  private round = new AbortController();
  private isRefilled = false;
  private isTaken = true;
  /** A page came since the last look. */
  private isHeard = false;
  private isAtEnd = false;
  /** Since when the log was seen to have more and no page came, on the clock of `performance.now()`, ms. */
  private silentSince: number | undefined;
  /** How long it may bring nothing although the log has something; twice as long each time that it does not help. */
  private patienceMs: number;
  /** Position of the last event that was missing when it was opened. */
  private awaited = START;

  constructor(
    private readonly log: EventLog,
    private readonly projection: Projection,
    private readonly signal: AbortSignal,
    private readonly firstPatienceMs: number,
  ) {
    this.patienceMs = firstPatienceMs;
  }

  /** What is to be folded, page by page, until the signal aborts. */
  async *pages(): AsyncGenerator<SubscriptionPage> {
    const { projection, signal } = this;
    while (!signal.aborted) {
      const round = (this.round = new AbortController());
      const from = this.isRefilled ? projection.position : projection.resumeFrom;
      const both = AbortSignal.any([signal, round.signal]);
      for await (const page of this.log.subscribe(from, POLL_STREAM_PREFIXES, both)) yield* this.passOn(page);
      if (!round.signal.aborted) return;
      yield { events: [], caughtUp: false };
    }
  }

  /**
   * Looks what the log has that was not brought. What was left out is folded, with an alarm.
   * @returns whether there was any
   * @throws EventLogUnavailableError, ForeignReadModelError
   */
  async look(): Promise<boolean> {
    // it brings the past, and reading that twice would make it slower
    const isCatchingUp = this.isHeard && !this.isAtEnd;
    this.isHeard = false;
    if (isCatchingUp) return false;
    const missing = await this.projection.missing();
    if (await this.projection.takeLeftOut(missing, this.isAtEnd ? this.awaited : START)) return true;
    const last = missing.at(-1);
    if (last === undefined || !this.isTaken) this.silentSince = undefined;
    else if (this.isSilent()) this.openAgain(last.position);
    return false;
  }

  private *passOn(page: SubscriptionPage): Generator<SubscriptionPage> {
    this.isTaken = false;
    yield page;
    this.isTaken = this.isHeard = true;
    this.silentSince = undefined;
    this.patienceMs = this.firstPatienceMs;
    this.isAtEnd = page.caughtUp;
    this.isRefilled ||= page.caughtUp;
  }

  private isSilent(): boolean {
    this.silentSince ??= performance.now();
    return performance.now() - this.silentSince >= this.patienceMs;
  }

  private openAgain(awaited: bigint): void {
    this.awaited = awaited;
    this.isAtEnd = false;
    this.silentSince = undefined;
    this.patienceMs = Math.min(2 * this.patienceMs, LONGEST_PATIENCE_MS);
    this.round.abort();
  }
}
