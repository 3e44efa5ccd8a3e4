import type { RecordedEvent } from '#domain';

import { type EventLog, START, type SubscriptionPage } from '../event-log.ts';
import { until } from './fixture.ts';

interface Options {
  readonly after?: bigint;
  /** Handles a page; the next one is not read before it is done. */
  readonly handle?: (page: SubscriptionPage) => Promise<void> | void;
}

/** A subscriber that notes what it is told. */
export class Follower {
  readonly events: RecordedEvent[] = [];
  /** What the last page said. */
  isCaughtUp = false;
  /** Settles when the iteration ends. */
  readonly ended: Promise<void>;
  private readonly controller = new AbortController();

  constructor(log: EventLog, prefixes: readonly string[], { after = START, handle }: Options = {}) {
    this.ended = this.follow(log.subscribe(after, prefixes, this.controller.signal), handle);
    // a test that waits for events hears of it first; who awaits `ended` still gets it
    this.ended.catch(() => undefined);
  }

  /** Waits until so many events came. */
  async has(count: number): Promise<RecordedEvent[]> {
    await until(() => this.events.length >= count, `${this.events.length} of ${count} events`);
    return this.events;
  }

  /** Waits until so many events came and the end of the log was reached. */
  async catchesUp(count: number): Promise<RecordedEvent[]> {
    await this.has(count);
    await until(() => this.isCaughtUp, `caught up after ${this.events.length} events`);
    return this.events;
  }

  abort(): void {
    this.controller.abort();
  }

  async stop(): Promise<void> {
    this.abort();
    await this.ended;
  }

  private async follow(pages: AsyncIterable<SubscriptionPage>, handle: Options['handle']): Promise<void> {
    for await (const page of pages) {
      this.events.push(...page.events);
      this.isCaughtUp = page.caughtUp;
      await handle?.(page);
    }
  }
}
