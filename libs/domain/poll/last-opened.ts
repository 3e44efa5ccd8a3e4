/**
 * Of several polls the one that was opened last: the order of the log decides, no clock.
 * @param openedAt position of a poll's opening in the log; undefined while it is a draft
 */
export function lastOpenedOf<T>(polls: Iterable<T>, openedAt: (poll: T) => bigint | undefined): T | undefined {
  let last: T | undefined;
  let latest = -1n;
  for (const poll of polls) {
    const position = openedAt(poll);
    if (position === undefined || position <= latest) continue;
    last = poll;
    latest = position;
  }
  return last;
}
