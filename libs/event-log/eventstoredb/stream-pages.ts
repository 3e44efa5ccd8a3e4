import type { ResolvedEvent, StreamingRead } from '@eventstore/db-client';

import type { RecordedEvent } from '#domain';

import { decodeEvent } from './event-codec.ts';

/** Events of a page at most: what is alive at a time is what the garbage collector has to copy. */
const PAGE_SIZE = 250;

export interface StreamPage {
  readonly events: readonly RecordedEvent[];
  readonly isLast: boolean;
}

/** One read of a stream in pages. It pauses, and so does the server, while a page waits to be taken. */
export class StreamPages {
  private events: RecordedEvent[] = [];
  private isOver = false;
  private failure: Error | undefined;
  private due = Promise.withResolvers<void>();

  constructor(private readonly read: StreamingRead<ResolvedEvent>) {
    // the listeners stay for good: without one, a late error would end the process
    read
      .on('data', (event: ResolvedEvent) => this.take(event))
      .on('end', () => this.end())
      .on('error', (error: Error) => this.end(error))
      .on('close', () => this.end(new Error('the read was closed')));
  }

  /**
   * The next page when it is complete; the one after it is read meanwhile.
   * @throws what the client throws
   */
  async next(): Promise<StreamPage> {
    await this.due.promise;
    if (this.failure !== undefined) throw this.failure;
    const page = { events: this.events, isLast: this.isOver };
    this.events = [];
    if (!page.isLast) {
      this.due = Promise.withResolvers();
      this.read.resume();
    }
    return page;
  }

  private take(resolved: ResolvedEvent): void {
    const event = decodeEvent(resolved);
    if (event === undefined) return;
    this.events.push(event);
    if (this.events.length < PAGE_SIZE) return;
    this.read.pause();
    this.due.resolve();
  }

  private end(failure?: Error): void {
    if (this.isOver) return;
    this.isOver = true;
    this.failure = failure;
    this.due.resolve();
  }
}
