import { setTimeout as delay } from 'node:timers/promises';

import { BackOff, passed } from '#async';
import { POLL_STREAM_PREFIXES } from '#domain';
import { type EventLog, EventLogUnavailableError, type SubscriptionPage } from '#event-log';
import { ReadModelUnavailableError } from '#read-model';

import type { QuarantineNews } from './projection-news.ts';
import type { Projection } from './projection.ts';

/** Tallies are stored this often at most while votes come in, ms. */
const SAVE_INTERVAL_MS = 50;
const HEARTBEAT_MS = 1000;
/** How often the log is asked for events that its subscription should have brought, ms. */
const HEAL_MS = 500;
/** Starting again from what is stored reads some minutes of the log again, so not every failed write does it. */
const SAVE_LIMIT_MS = 60_000;
const SAVE_PAUSES = { firstPauseMs: 100, longestPauseMs: 5000 };

export interface Followed {
  /** Takes a page in; without it, it is folded. */
  readonly fold?: (page: SubscriptionPage) => Promise<void>;
  /** Everything that was folded is stored. */
  readonly onSave?: (quarantined: readonly QuarantineNews[]) => Promise<void> | void;
  /** The read model is away; it is tried again for a minute. */
  readonly onSaveFailed?: (error: ReadModelUnavailableError) => void;
  /** Every second, also while nothing happens, before the checkpoint is stored again. */
  readonly onBeat?: () => Promise<void> | void;
  /** A heartbeat failed; the next one may succeed. Without this callback the failure is not reported. */
  readonly onMissedBeat?: (error: unknown) => void;
}

/**
 * Folds the log into the tallies from where the projection is, and continues after its end until the signal aborts.
 * @throws whatever the stores or `onSave` throw
 */
export async function follow(
  log: EventLog,
  projection: Projection,
  signal: AbortSignal,
  { fold = ({ events, caughtUp }) => projection.fold(events, caughtUp), ...on }: Followed = {},
): Promise<void> {
  const ended = new AbortController();
  const both = AbortSignal.any([signal, ended.signal]);
  const beating = Promise.all([beat(projection, both, on), heal(projection, both, on)]);
  try {
    let savedAt = 0;
    for await (const page of log.subscribe(projection.resumeFrom, POLL_STREAM_PREFIXES, signal)) {
      await fold(page);
      const wait = savedAt + SAVE_INTERVAL_MS - performance.now();
      // behind: fold on. Caught up: wait, so that more events gather for the next page
      if (wait > 0 && !page.caughtUp) continue;
      if (wait > 0) await delay(wait);
      const quarantined = await save(projection, signal, on.onSaveFailed);
      await on.onSave?.(quarantined);
      savedAt = performance.now();
    }
  } finally {
    ended.abort();
    await beating;
  }
}

/** One beat after the other; the last one is over when this is. */
async function beat(projection: Projection, signal: AbortSignal, { onBeat, onMissedBeat }: Followed): Promise<void> {
  while (await passed(HEARTBEAT_MS, signal)) {
    try {
      await onBeat?.();
      await projection.saveCheckpoint();
    } catch (error) {
      onMissedBeat?.(error);
    }
  }
}

/** An unavailable log is reported elsewhere; its events are read when it is back. */
async function heal(projection: Projection, signal: AbortSignal, { onSave, onMissedBeat }: Followed): Promise<void> {
  while (await passed(HEAL_MS, signal)) {
    try {
      if (await projection.heal()) await onSave?.(await projection.save());
    } catch (error) {
      if (!(error instanceof EventLogUnavailableError)) onMissedBeat?.(error);
    }
  }
}

/** What is folded stays folded while the read model is away. */
async function save(
  projection: Projection,
  signal: AbortSignal,
  onFailure?: Followed['onSaveFailed'],
): Promise<readonly QuarantineNews[]> {
  const limit = performance.now() + SAVE_LIMIT_MS;
  for (const backOff = new BackOff(SAVE_PAUSES); ;) {
    try {
      return await projection.save();
    } catch (error) {
      const isFinal = !(error instanceof ReadModelUnavailableError) || performance.now() > limit;
      if (isFinal || signal.aborted) throw error;
      onFailure?.(error);
      await backOff.wait(signal);
    }
  }
}
