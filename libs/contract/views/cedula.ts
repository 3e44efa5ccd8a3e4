import { createHash } from 'node:crypto';

import type { Poll } from '#domain';

const HASH_DIGITS = 8;
const known = new WeakMap<object, string>();

type Shown = Pick<Poll, 'id' | 'participants' | 'purpose' | 'rules'>;

/**
 * Names the ballot that a voter sees, `<poll id>-<8 hexadecimal digits>`: of SHA-256 over the poll's id, each participant's
 * number, name and photo, and, where it has them, its purpose and rules. A vote says which ballot it was cast on, so that it never counts for somebody else.
 */
export function cedulaOf(poll: Shown): string {
  let cedula = known.get(poll);
  if (cedula === undefined) {
    const shown = poll.participants.map(({ number, name, photo = null }) => [number, name, photo]);
    const { purpose = null, rules = null } = poll;
    const meaning = purpose === null && rules === null ? [] : [purpose, rules];
    const hash = createHash('sha256')
      .update(JSON.stringify([poll.id, shown, ...meaning]))
      .digest('hex');
    cedula = `${poll.id}-${hash.slice(0, HASH_DIGITS)}`;
    known.set(poll, cedula);
  }
  return cedula;
}
