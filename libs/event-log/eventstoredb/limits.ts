import { EventLogUnavailableError } from '../event-log.ts';

/** How long the adapter waits before it gives up, ms: the client's own deadlines are not kept when a server freezes. */
export interface Limits {
  /** One append. After that its outcome is unknown. */
  readonly appendMs: number;
  /** One page of a read, or the next sign of life of a longer one. */
  readonly readMs: number;
  /** Longest wait for a sign of life of a subscription; after it, the subscription is opened again. */
  readonly idleMs: number;
  /** The first and the longest pause before a lost subscription is opened again. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
}

export const DEFAULT_LIMITS: Limits = {
  appendMs: 2500,
  readMs: 5000,
  idleMs: 5000,
  firstPauseMs: 100,
  longestPauseMs: 2000,
};

/** The error for what took longer than it may. */
export const noAnswer =
  (doing: string) =>
  (limitMs: number): EventLogUnavailableError =>
    new EventLogUnavailableError(`${doing}: no answer within ${String(limitMs)} ms`);
