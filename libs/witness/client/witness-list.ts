import { type Verifier, verifierOf } from '#transparency';

/** A witness that is asked. */
export interface WitnessAddress {
  readonly verifier: Verifier;
  /** The same as text. */
  readonly vkey: string;
  /** In front of `/add-checkpoint`, without a slash at its end. */
  readonly url: string;
  /** Whether it may see checkpoints while the vote goes on: their sizes are the count. Others get the last one only. */
  readonly isContracted: boolean;
}

/** A list of witnesses that cannot be read; the message names which of them. */
class WitnessListError extends Error {
  override readonly name = 'WitnessListError';
  readonly code = 'invalid-witnesses';
}

/** More are not asked: each is a request a second. */
const MAX_WITNESSES = 16;
const HTTPS_OR_LOOPBACK = /^(https:\/\/[^\s?#]+|http:\/\/(127\.0\.0\.1|\[::1\]|localhost)(:\d+)?(\/[^\s?#]*)?)$/;

/**
 * Reads a list of witnesses: `<verifier key> <URL>` each, and `contracted` after it where that holds; `;` stands between two of them.
 * @throws WitnessListError
 */
export function parseWitnesses(text: string): WitnessAddress[] {
  const entries = text.split(';').map((entry) => entry.trim());
  const witnesses = entries.filter((entry) => entry !== '').map(witnessOf);
  if (witnesses.length > MAX_WITNESSES) throw new WitnessListError(`at most ${MAX_WITNESSES} witnesses can be asked`);
  const names = new Set(witnesses.map(({ verifier }) => verifier.name));
  if (names.size < witnesses.length) throw new WitnessListError('a witness stands twice: each counts once');
  return witnesses;
}

function witnessOf(entry: string, at: number): WitnessAddress {
  const [vkey = '', url = '', mark, ...rest] = entry.split(/\s+/);
  const refuse = (why: string): WitnessListError => new WitnessListError(`of witness ${at + 1} ${why}`);
  const verifier = verifierIn(vkey);
  if (verifier?.type !== 'cosignature') throw refuse('the first word must be the verifier key of a witness');
  if (!HTTPS_OR_LOOPBACK.test(url) || URL.parse(url) === null)
    throw refuse('the second word must be an https address, or an http one of this machine');
  if ((mark !== undefined && mark !== 'contracted') || rest.length > 0)
    throw refuse('nothing but "contracted" may come after the address');
  return { verifier, vkey, url: url.replace(/\/+$/, ''), isContracted: mark === 'contracted' };
}

function verifierIn(vkey: string): Verifier | undefined {
  try {
    return verifierOf(vkey);
  } catch {
    return undefined;
  }
}
