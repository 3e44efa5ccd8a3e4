import type { EventContent } from '#domain';
import { type Decision, type SealedCheckpoint, noteIn, setAsideIn } from '#seal';
import { type Verifier, TransparencyError, isBy, openNote, parseCheckpoint } from '#transparency';

/**
 * Who decided that a checkpoint is not to be gone on from, or what a witness has seen (then with its verifier key), and why; undefined for an event
 * that says no such thing.
 */
export function overruledIn(event: EventContent): (Decision & { readonly witness?: string }) | undefined {
  const witness = setAsideIn(event);
  if (witness === undefined && noteIn(event)?.overruled !== true) return undefined;
  const { by, at, reason } = JSON.parse(Buffer.from(event.data).toString()) as Partial<Decision>;
  return { by: String(by), at: String(at), reason: String(reason), ...(witness !== undefined && { witness }) };
}

/**
 * Reads a checkpoint of a log and checks who signed it: the log has to, a witness that did has to have done it right.
 * @returns it, and which of those witnesses signed it
 * @throws TransparencyError that says what is wrong with it
 */
export function openCheckpoint(
  note: string,
  [log, ...witnesses]: readonly [log: Verifier, ...witnesses: Verifier[]],
): SealedCheckpoint & { readonly by: readonly Verifier[] } {
  const { text, verified } = openNote(note, [log, ...witnesses]);
  if (!verified.some(({ name }) => name === log.name))
    throw new TransparencyError('unknown-signer', `${log.name} did not sign this`);
  const { origin, size, root } = parseCheckpoint(text);
  if (origin !== log.name) throw new TransparencyError('other-origin', `this is a checkpoint of ${origin}`);
  return { size, root, note, by: witnesses.filter((one) => verified.some((signature) => isBy(one, signature))) };
}
