/** A signal that aborts after `ms` milliseconds. Safari 15 has no `AbortSignal.timeout`. */
export function timeLimit(ms: number): AbortSignal {
  if ('timeout' in AbortSignal) return AbortSignal.timeout(ms);
  const controller = new AbortController();
  setTimeout(() => controller.abort(), ms);
  return controller.signal;
}
