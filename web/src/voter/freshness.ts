/** A moment on two clocks, both in milliseconds. One of them may stand still while the phone sleeps, the other may be set back. */
export interface Moment {
  readonly monotonic: number;
  readonly wall: number;
}

/** The present moment. */
export const now = (): Moment => ({ monotonic: performance.now(), wall: Date.now() });

/** Milliseconds from `since` to `at`, never fewer than have really passed as far as either clock knows. */
export const elapsed = (since: Moment, at: Moment): number =>
  Math.max(at.monotonic - since.monotonic, at.wall - since.wall, 0);

/** A challenge is replaced in the background when fewer than 60 s (or a third of a short life) are left. */
export function needsRefresh(validSeconds: number, age: number): boolean {
  const margin = Math.min(60, validSeconds / 3);
  return age > (validSeconds - margin) * 1_000;
}

/** The server takes a vote only while its challenge has 10 s to live; below 12 s sending it is in vain. */
export const isSpent = (validSeconds: number, age: number): boolean => age > (validSeconds - 12) * 1_000;
