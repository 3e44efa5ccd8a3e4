import { setTimeout as delay } from 'node:timers/promises';

import { BackOff, withinLimit } from '#async';
import {
  type AppendResult,
  type EventLog,
  EventLogUnavailableError,
  type ExpectedRevision,
  type NewEvent,
} from '#event-log';

const PAUSES = { firstPauseMs: 20, longestPauseMs: 1000 };

/** One append, as it is sent again and again. */
export interface Batch {
  readonly stream: string;
  readonly events: readonly NewEvent[];
  readonly expected: ExpectedRevision;
}

/**
 * Appends a batch. After an unknown outcome the same batch goes again, with growing pauses, until the outcome is known or
 * the deadline has passed. An answer after the deadline is ignored: the event could be after the cut.
 * @param deadline on the clock of `performance.now()`, ms: a host's clock may be set meanwhile
 * @param onFailure hears of each attempt that failed
 * @throws EventLogUnavailableError at the deadline: the outcome is unknown; and what else the log throws
 */
export async function appendUntil(
  deadline: number,
  log: EventLog,
  { stream, events, expected }: Batch,
  onFailure?: (error: Error) => void,
): Promise<AppendResult> {
  for (const backOff = new BackOff(PAUSES); ;) {
    const left = deadline - performance.now();
    if (left <= 0) throw notInTime();
    try {
      return await withinLimit(log.append(stream, events, expected), left, notInTime);
    } catch (error) {
      if (!(error instanceof EventLogUnavailableError)) throw error;
      onFailure?.(error);
      await delay(Math.min(backOff.next(), Math.max(deadline - performance.now(), 0)));
    }
  }
}

const notInTime = (): EventLogUnavailableError => new EventLogUnavailableError('the append was not stored in time');
