import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

import type { RecordedEvent } from '#domain';
import type { Store } from './store.ts';
import type { AppendResult, EventLog, ExpectedRevision, NewEvent, SubscriptionPage } from '#event-log';

/** What the specs of the adapter share. Stream names are new each time: a real server is never empty. */

/** A prefix that no stream has yet. */
export const newPrefix = (): string => `spec-${randomUUID()}-`;

export function events(count: number, text = 'x'): NewEvent[] {
  return Array.from({ length: count }, (_, index) => ({
    id: randomUUID(),
    type: 'Tested',
    version: 1,
    data: new TextEncoder().encode(`{"text":"${text}","index":${String(index)}}`),
  }));
}

export const idsOf = (list: readonly { readonly id: string }[]): string[] => list.map(({ id }) => id);

export async function all(pages: AsyncIterable<readonly RecordedEvent[]>): Promise<RecordedEvent[]> {
  const found: RecordedEvent[] = [];
  for await (const page of pages) found.push(...page);
  return found;
}

/** A subscriber that keeps what it gets. */
export class Subscriber {
  readonly events: RecordedEvent[] = [];
  caughtUp = 0;
  ended = false;
  private readonly stopped = new AbortController();
  readonly done: Promise<void>;

  constructor(
    log: EventLog,
    after: bigint,
    prefix: string,
    private readonly onPage?: (page: SubscriptionPage) => Promise<void>,
  ) {
    this.done = this.run(log.subscribe(after, [prefix], this.stopped.signal));
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    await this.done;
  }

  private async run(pages: AsyncIterable<SubscriptionPage>): Promise<void> {
    for await (const page of pages) {
      this.events.push(...page.events);
      if (page.caughtUp) this.caughtUp++;
      await this.onPage?.(page);
    }
    this.ended = true;
  }
}

/** Waits until something holds. */
export async function until(holds: () => boolean, milliseconds = 15_000): Promise<void> {
  const deadline = Date.now() + milliseconds;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`still not so after ${String(milliseconds)} ms: ${holds.toString()}`);
    await delay(5);
  }
}

/** Sends the same batch until its outcome is known, as the group commit does. */
export async function appendUntilKnown(
  log: EventLog,
  stream: string,
  batch: readonly NewEvent[],
  expected: ExpectedRevision,
): Promise<AppendResult> {
  for (const deadline = Date.now() + 20_000; ;) {
    try {
      return await log.append(stream, batch, expected);
    } catch (error) {
      if ((error as { code?: string }).code !== 'log-unavailable' || Date.now() > deadline) throw error;
      await delay(20);
    }
  }
}

/** Puts events into a double's store that nobody has to wait for. */
export function seed(store: Store, stream: string, count: number): void {
  const metadata = new TextEncoder().encode('{"version":1}');
  const contentType = 'application/octet-stream';
  store.append(
    stream,
    events(count).map((event) => ({ ...event, contentType, metadata })),
    'any',
  );
}

/** How to run a TypeScript file of this project without building it. */
export const runTypeScript = (file: string): [string, ...string[]] => [
  process.execPath,
  '--experimental-transform-types',
  '--no-warnings',
  '--conditions=source',
  file,
];
