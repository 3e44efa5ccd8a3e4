/**
 * How long a vote may be on its way into the log, ms. A vote is taken only while its challenge lives at least this long,
 * sending again stops here, and the cut comes this long after a poll was closed: so no acknowledged vote is ever
 * expired, and none that was in flight when the poll closed is late.
 */
export const APPEND_DEADLINE_MS = 10_000;
