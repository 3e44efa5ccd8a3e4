import { type Checkpoint, fromBase64, parseCheckpoint } from './checkpoint.ts';
import { KEY_ID_BYTES, type Signer, type Verifier, isKeyName } from './keys.ts';
import { TransparencyError } from './transparency-error.ts';
import { utf8 } from './utf8.ts';

/** More signatures than this are nobody's. */
const MAX_SIGNATURES = 100;
/** Longest note that is read, bytes. */
const MAX_NOTE_BYTES = 1_000_000;

/** A signature of a note. */
export interface NoteSignature {
  /** Name of the key. */
  readonly name: string;
  readonly keyId: Uint8Array;
  readonly signature: Uint8Array;
}

/** A note whose known signatures are good. */
export interface OpenNote {
  /** Ends in a line feed. */
  readonly text: string;
  /** By keys that are known; at least one. */
  readonly verified: readonly NoteSignature[];
  /** By keys that are not. */
  readonly unknown: readonly NoteSignature[];
}

/**
 * Signs a text (C2SP signed-note).
 * @param text lines that end in a line feed, without other control characters
 * @param signatures that it has already, by others
 * @throws TransparencyError `malformed-note` for another text
 */
export function signNote(text: string, signers: readonly Signer[], signatures: readonly NoteSignature[] = []): string {
  if (!isText(text)) throw malformed();
  const own = signers.map((signer) => ({ ...signer, signature: signer.sign(text) }));
  return `${text}\n${[...signatures, ...own].map(signatureLine).join('')}`;
}

/** One line of a note, with its line feed. */
export const signatureLine = ({ name, keyId, signature }: NoteSignature): string =>
  `— ${name} ${Buffer.concat([keyId, signature]).toString('base64')}\n`;

/**
 * Reads a note and checks the signatures of the keys that are known; others are passed over, as the standard wants it.
 * @throws TransparencyError `malformed-note`, `invalid-signature` when one of them is wrong, `unknown-signer` when none is there
 */
export function openNote(note: Uint8Array | string, verifiers: readonly Verifier[]): OpenNote {
  const { text, signatures } = parseNote(note);
  const [verified, unknown]: [NoteSignature[], NoteSignature[]] = [[], []];
  for (const signature of signatures) {
    const verifier = verifiers.find((one) => isBy(one, signature));
    if (verifier === undefined) unknown.push(signature);
    // one key counts once, however often it signed
    else if (verified.some((one) => isBy(verifier, one))) continue;
    else if (verifier.verify(text, signature.signature)) verified.push(signature);
    else throw new TransparencyError('invalid-signature', `the signature of ${signature.name} is wrong`);
  }
  if (verified.length === 0) throw new TransparencyError('unknown-signer', 'no key that is known signed this note');
  return { text, verified, unknown };
}

/**
 * A note without the signatures that others made, and without wrong ones: whoever knows one of those keys would refuse the whole note.
 * @throws TransparencyError `malformed-note`
 */
export function signedOnlyBy(note: string, verifiers: readonly Verifier[]): string {
  return withSignatures(note, (text, one) => verifiers.some((key) => isGood(key, text, one)));
}

/**
 * A note without wrong signatures of keys that are known. Those of other keys stay: nobody here can say what they are.
 * @throws TransparencyError `malformed-note`
 */
export function withoutWrong(note: string, verifiers: readonly Verifier[]): string {
  return withSignatures(note, (text, one) => {
    const known = verifiers.filter((key) => isBy(key, one));
    return known.length === 0 || known.some((key) => isGood(key, text, one));
  });
}

function withSignatures(note: string, isKept: (text: string, one: NoteSignature) => boolean): string {
  const { text, signatures } = parseNote(note);
  const kept = signatures.filter((one) => isKept(text, one));
  return `${text}\n${kept.map(signatureLine).join('')}`;
}

/**
 * The signature of a key on a note; undefined where there is none that is good.
 * @throws TransparencyError `malformed-note`
 */
export function signatureBy(key: Verifier, note: string): NoteSignature | undefined {
  const { text, signatures } = parseNote(note);
  return signatures.find((one) => isGood(key, text, one));
}

const isGood = (key: Verifier, text: string, one: NoteSignature): boolean =>
  isBy(key, one) && key.verify(text, one.signature);

/** Whether a signature says that it is by a key. Whoever makes another one can say that too: it is for those that were verified. */
export const isBy = (key: Verifier, { name, keyId }: NoteSignature): boolean =>
  key.name === name && Buffer.compare(key.keyId, keyId) === 0;

/**
 * Reads a note without checking anything that it says.
 * @throws TransparencyError `malformed-note`
 */
export function parseNote(note: Uint8Array | string): Pick<OpenNote, 'text'> & { signatures: NoteSignature[] } {
  const whole = typeof note === 'string' ? note : utf8(note);
  if (whole === undefined) throw malformed();
  const end = whole.lastIndexOf('\n\n');
  const [text, lines] = [whole.slice(0, end + 1), whole.slice(end + 2)];
  if (end < 0 || whole.length > MAX_NOTE_BYTES || !isText(text) || !lines.endsWith('\n')) throw malformed();
  const signatures = lines.slice(0, -1).split('\n').map(signatureOf);
  if (signatures.length > MAX_SIGNATURES) throw malformed();
  return { text, signatures };
}

/**
 * The checkpoint that a note says, without checking who signed it.
 * @throws TransparencyError `malformed-note`, `malformed-checkpoint`
 */
export const checkpointOf = (note: Uint8Array | string): Checkpoint => parseCheckpoint(parseNote(note).text);

const SIGNATURE_LINE = /^— (\S+) (\S+)$/;

function signatureOf(line: string): NoteSignature {
  const [, name = '', encoded = ''] = SIGNATURE_LINE.exec(line) ?? [];
  const bytes = fromBase64(encoded);
  if (!isKeyName(name) || bytes === undefined || bytes.length <= KEY_ID_BYTES) throw malformed();
  return { name, keyId: bytes.subarray(0, KEY_ID_BYTES), signature: bytes.subarray(KEY_ID_BYTES) };
}

const CONTROL = /[^\P{Cc}\n]/u;
const isText = (text: string): boolean => text.endsWith('\n') && text.isWellFormed() && !CONTROL.test(text);

const malformed = (): TransparencyError => new TransparencyError('malformed-note', 'this is no signed note');
