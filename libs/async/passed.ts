import { setTimeout as delay } from 'node:timers/promises';

/** Waits. False when the signal came first. */
export const passed = (milliseconds: number, signal: AbortSignal): Promise<boolean> =>
  delay(milliseconds, true, { signal }).catch(() => false);
