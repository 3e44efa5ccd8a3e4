import { passed } from '#async';
import { type EventLog, EventLogUnavailableError, type SubscriptionPage } from '#event-log';

import { ForeignReadModelError } from './foreign-read-model.ts';
import type { Projection } from './projection.ts';
import { Saver, type Saving } from './saver.ts';
import { Subscription } from './subscription.ts';

const HEARTBEAT_MS = 1000;
/** How often the log is asked for events that its subscription should have brought, and whether it is still the same, ms. */
const HEAL_MS = 500;
/** Longer than a busy machine is late, ms. */
const PATIENCE_MS = 5000;

export interface Followed extends Pick<Saving, 'onSave' | 'onSaveFailed'> {
  /** Takes a page in; without it, it is folded. */
  readonly fold?: (page: SubscriptionPage) => Promise<void>;
  /** How long a subscription may bring nothing although the log has something, ms: then it is opened again. */
  readonly patienceMs?: number;
  /** Every second, also while nothing happens, before the checkpoint is stored again. */
  readonly onBeat?: () => Promise<void> | void;
  /** A heartbeat failed; the next one may succeed. Without this callback the failure is not reported. */
  readonly onMissedBeat?: (error: unknown) => void;
}

/**
 * Folds the log into the tallies from where the projection is, and continues after its end until the signal aborts.
 * @throws whatever the stores or `onSave` throw; ForeignReadModelError when the log no longer has what was folded of it
 */
export async function follow(
  log: EventLog,
  projection: Projection,
  signal: AbortSignal,
  { fold = ({ events, caughtUp }) => projection.fold(events, caughtUp), ...on }: Followed = {},
): Promise<void> {
  const ended = new AbortController();
  const both = AbortSignal.any([signal, ended.signal]);
  const saver = new Saver(projection, both, { ...on, fold, onBroken: () => ended.abort() });
  const subscription = new Subscription(log, projection, both, on.patienceMs ?? PATIENCE_MS);
  const heal = async (): Promise<void> => {
    await projection.assertOfThisLog();
    if (await subscription.look()) await saver.save();
  };
  const beating = [beat(projection, both, on), healing(heal, both, on)];
  for (const one of beating) one.catch(() => ended.abort());
  try {
    for await (const page of subscription.pages()) await saver.take(page);
  } finally {
    ended.abort();
    await Promise.allSettled(beating);
  }
  await Promise.all(beating);
  await saver.ended();
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
async function healing(heal: () => Promise<void>, signal: AbortSignal, { onMissedBeat }: Followed): Promise<void> {
  while (await passed(HEAL_MS, signal)) {
    try {
      await heal();
    } catch (error) {
      // what comes would be skipped, or folded onto something else
      if (error instanceof ForeignReadModelError) throw error;
      if (!(error instanceof EventLogUnavailableError)) onMissedBeat?.(error);
    }
  }
}
