import { createHash } from 'node:crypto';

import type { Poll } from '#domain';

const HASH_DIGITS = 16;
const known = new WeakMap<Poll, string>();

/**
 * Names everything that was decided about a poll so far, 16 hexadecimal digits. Where `cedula` names what a vote depends on, this
 * also changes with the title, the times and the focus of a photo: who opens a draft, or changes it, says which one it was.
 */
export function versionOf(poll: Poll): string {
  let version = known.get(poll);
  if (version === undefined) {
    version = createHash('sha256').update(JSON.stringify(poll, inOrder)).digest('hex').slice(0, HASH_DIGITS);
    known.set(poll, version);
  }
  return version;
}

/** The keys of objects in one order: that of a poll depends on what was decided first, and on the store that it comes from. */
const inOrder = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;
