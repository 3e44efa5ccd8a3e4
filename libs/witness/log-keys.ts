import { TransparencyError, type Verifier, openNote, verifierOf } from '#transparency';

/** A log that a witness knows. */
export interface KnownLog {
  readonly origin: string;
  /** Verifier key, whose name is the origin. */
  readonly vkey: string;
}

/** First line of the note in which a deployment says the keys of a poll's logs. It stands in the first leaf of the box. */
const FIRST_LINE = 'paredao-chaves/v1';

/** Origins stand in lines for a terminal, and in commands. */
const PRINTABLE = /^[!-~]+$/;

/**
 * The logs of a poll: its ballot box and its acts.
 * @param note their keys, and that of receipts, signed by the deployment
 * @param deployments verifier keys; the origins of their logs begin with their name and a slash
 * @param prefix with which the origins begin as well
 * @throws TransparencyError `malformed-note`, `malformed-key`, `unknown-signer`, `invalid-signature`, `other-origin`
 */
export function logsIn(note: Uint8Array, deployments: readonly Verifier[], prefix: string): KnownLog[] {
  const { text, verified } = openNote(note, deployments);
  const [first, box = '', acts = '', receipts = '', ...end] = text.split('\n');
  if (first !== FIRST_LINE || end.join('\n') !== '')
    throw new TransparencyError('malformed-note', 'this note holds no keys of logs');
  verifierOf(receipts);
  return [box, acts].map((vkey) => {
    const { name, type } = verifierOf(vkey);
    const isOfSigner = verified.some((signer) => name.startsWith(`${signer.name}/`));
    if (type !== 'note' || !isOfSigner || !name.startsWith(prefix) || !PRINTABLE.test(name))
      throw new TransparencyError('other-origin', 'these are not the logs of this deployment');
    return { origin: name, vkey };
  });
}
