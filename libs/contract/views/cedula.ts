import { createHash } from 'node:crypto';

import type { Meaning, Poll } from '#domain';

const HASH_DIGITS = 8;
const known = new WeakMap<object, string>();

type Shown = Pick<Poll, 'id' | 'participants' | keyof Meaning>;

/**
 * Names the ballot that a voter sees, `<poll id>-<8 hexadecimal digits>`: of SHA-256 over the poll's id, each participant's
 * number, name and photo, and, where it has them, its purpose, rules and policy. A vote says which ballot it was cast on, so
 * that it never counts for somebody else. Ballots of earlier versions keep their names.
 */
export function cedulaOf(poll: Shown): string {
  let cedula = known.get(poll);
  if (cedula === undefined) {
    const shown = poll.participants.map(({ number, name, photo = null }) => [number, name, photo]);
    const { purpose = null, rules = null, policy } = poll;
    const said = policy === undefined ? [purpose, rules] : [purpose, rules, policy];
    const meaning = said.every((part) => part === null) ? [] : said;
    const hash = createHash('sha256')
      .update(JSON.stringify([poll.id, shown, ...meaning]))
      .digest('hex');
    cedula = `${poll.id}-${hash.slice(0, HASH_DIGITS)}`;
    known.set(poll, cedula);
  }
  return cedula;
}
