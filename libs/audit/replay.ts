import { setTimeout as delay } from 'node:timers/promises';

import type { RecordedEvent } from '#domain';
import type { SqliteImport } from '#event-log';

import type { SourcePage } from './poll-pages.ts';

/** Events that are due together are written together, ms. */
const TICK_MS = 50;
/** The longest single wait: timers take no more than 24 days. */
const LONGEST_WAIT_MS = 3_600_000;

export interface ReplayOptions {
  readonly pages: AsyncIterable<SourcePage>;
  readonly target: Pick<SqliteImport, 'add'>;
  /** How many times faster than it was; Infinity: as fast as it goes. */
  readonly speed: number;
  readonly onProgress?: (events: number, fraction: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Writes events into another log in the rhythm in which they were recorded. They keep their recorded times: with those of
 * today, every vote would have come too late for its challenge.
 * @returns how many events were written; fewer than there are when the signal aborts
 */
export async function replay({ pages, target, speed, onProgress, signal }: ReplayOptions): Promise<number> {
  const started = performance.now();
  let first: number | undefined;
  let count = 0;
  for await (const { events, fraction } of pages) {
    let due: RecordedEvent[] = [];
    const write = (): void => {
      if (due.length > 0) target.add(due);
      count += due.length;
      due = [];
      onProgress?.(count, fraction);
    };
    for (const event of events) {
      first ??= event.recordedAt;
      const at = started + (event.recordedAt - first) / speed;
      if (at - performance.now() > TICK_MS) write();
      while (at - performance.now() > TICK_MS && signal?.aborted !== true) {
        const wait = Math.min(at - performance.now(), LONGEST_WAIT_MS);
        await delay(wait, undefined, { ...(signal && { signal }) }).catch(() => {});
      }
      if (signal?.aborted === true) return count;
      due.push(event);
    }
    write();
  }
  return count;
}
