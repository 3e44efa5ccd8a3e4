/**
 * The result of the work if it comes in time. Work that comes too late may fail unheard.
 * @param late makes the error that is thrown when the time is up; it is given the limit
 */
export async function withinLimit<T>(work: Promise<T>, limitMs: number, late: (limitMs: number) => Error): Promise<T> {
  const { promise: timeIsUp, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(late(limitMs)), limitMs);
  work.catch(() => {});
  try {
    return await Promise.race([work, timeIsUp]);
  } finally {
    clearTimeout(timer);
  }
}
