import { setTimeout as delay } from 'node:timers/promises';

import { POLL_STREAM_PREFIXES, type QuarantinedEvent } from '#domain';
import type { EventLog, SubscriptionPage } from '#event-log';

import type { Projection } from './projection.ts';

/** Tallies are stored this often at most while votes come in, ms. */
const SAVE_INTERVAL_MS = 50;
const HEARTBEAT_MS = 1000;

export interface Followed {
  /** Takes a page in; without it, it is folded. */
  readonly fold?: (page: SubscriptionPage) => void;
  /** Everything that was folded is stored. */
  readonly onSave?: (quarantined: readonly QuarantinedEvent[]) => Promise<void> | void;
  /** Every second, also while nothing happens, before the checkpoint is stored again. */
  readonly onBeat?: () => Promise<void> | void;
  /** A heartbeat failed; the next one may not. */
  readonly onMissedBeat?: (error: unknown) => void;
}

/**
 * Folds the log into the tallies from where the projection is, and goes on behind its end until the signal says stop.
 * @throws whatever the stores or `onSave` throw
 */
export async function follow(
  log: EventLog,
  projection: Projection,
  signal: AbortSignal,
  { fold = ({ events, caughtUp }) => projection.fold(events, caughtUp), onSave, onBeat, onMissedBeat }: Followed = {},
): Promise<void> {
  const beat = async (): Promise<void> => {
    await onBeat?.();
    await projection.saveCheckpoint();
  };
  const heartbeat = setInterval(() => void beat().catch(onMissedBeat), HEARTBEAT_MS);
  try {
    let savedAt = 0;
    for await (const page of log.subscribe(projection.resumeFrom, POLL_STREAM_PREFIXES, signal)) {
      fold(page);
      const wait = savedAt + SAVE_INTERVAL_MS - performance.now();
      // behind: fold on. Caught up: wait, so that more events gather for the next page
      if (wait > 0 && !page.caughtUp) continue;
      if (wait > 0) await delay(wait);
      const quarantined = await projection.save();
      await onSave?.(quarantined);
      savedAt = performance.now();
    }
  } finally {
    clearInterval(heartbeat);
  }
}
