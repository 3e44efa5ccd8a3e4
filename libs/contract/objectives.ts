/**
 * What the service promises, and when its failing is told: once for the pages, the rules of Prometheus and the boards.
 * Shares are of a month. `docs/operations.md` says the same in words, and a spec compares them.
 */
export const OBJECTIVES = {
  /** Votes that may be answered with 5xx. */
  voteErrors: { share: 0.001 },
  /** Votes that may take this long or longer. */
  voteLatency: { seconds: 0.25, share: 0.01 },
  /** Time in which the results may be this far behind the log. */
  projectionLag: { seconds: 5, share: 0.01 },
  /** Votes come in and none is stored: after so long the page and the log say so, and later an alert calls somebody. */
  standstill: { seconds: 1, alertSeconds: 5 },
  /** Share of the queue for votes from which on voters are soon sent away. */
  queue: { share: 0.8 },
  /** How many times the allowed share is "fast": two days of it use up a month's. */
  fastBurn: 14.4,
} as const;
