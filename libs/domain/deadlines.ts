/**
 * How long a vote may be on its way into the log, ms. A vote is taken only while its challenge lives at least this long,
 * and sending again stops here: so no acknowledged vote is ever expired.
 */
export const APPEND_DEADLINE_MS = 10_000;

/**
 * How long ago the log must have confirmed that the poll is open when a vote is taken, ms. The cut comes after this and the
 * append deadline together: so no acknowledged vote is ever late, not even one taken by a process that was cut off from the log.
 */
export const POLL_STATE_LIMIT_MS = 5000;
