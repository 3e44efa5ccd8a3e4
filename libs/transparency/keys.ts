import { type KeyObject, createPublicKey, sign, verify } from 'node:crypto';

import { fromBase64 } from './checkpoint.ts';
import { sha256 } from './hashing.ts';
import { TransparencyError } from './transparency-error.ts';

/** Bytes of an Ed25519 public key and signature, and of a key's id. */
const [PUBLIC_KEY_BYTES, SIGNATURE_BYTES] = [32, 64];
export const KEY_ID_BYTES = 4;

/** What a key signs (C2SP signed-note): notes as they are, or checkpoints that a witness has seen. */
export const SIGNATURE_TYPES = { note: 0x01, cosignature: 0x04 } as const;
export type SignatureType = keyof typeof SIGNATURE_TYPES;

/** Checks signatures of one key. */
export interface Verifier {
  readonly name: string;
  /** Four bytes that, with the name, say which key made a signature. */
  readonly keyId: Uint8Array;
  readonly type: SignatureType;
  /** Ed25519, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** Whether these bytes are the key's signature of a note's text. */
  verify(text: string, signature: Uint8Array): boolean;
}

/** Whether two are one key under one name. Ids do not say that: they have 32 bits, and whoever wants another key with the same id makes one. */
export const isSameKey = (one: Verifier, other: Verifier): boolean =>
  one.name === other.name && one.type === other.type && Buffer.compare(one.publicKey, other.publicKey) === 0;

/** Signs with one key. */
export interface Signer extends Verifier {
  sign(text: string): Uint8Array;
}

/** Before the 32 bytes of an Ed25519 public key in a SubjectPublicKeyInfo (RFC 8410, section 4). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** The 32 bytes of an Ed25519 public key. */
const rawOf = (key: KeyObject): Buffer =>
  (key.type === 'public' ? key : createPublicKey(key))
    .export({ format: 'der', type: 'spki' })
    .subarray(SPKI_PREFIX.length);

const keyOf = (raw: Uint8Array): KeyObject =>
  createPublicKey({ key: Buffer.concat([SPKI_PREFIX, raw]), format: 'der', type: 'spki' });

/** Neither empty, nor with white space, control characters or `+`: names stand before a space, and in verifier keys. */
const NAME = /^[^\s+\p{Cc}]+$/u;

/** Names are the origins of logs, and the names of witnesses. */
export const isKeyName = (name: string): boolean => NAME.test(name) && name.isWellFormed();

/** First four bytes of SHA-256 of the name, a line feed, the type and the public key (C2SP signed-note). */
function keyIdOf(name: string, type: SignatureType, raw: Uint8Array): Buffer {
  const input = Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(SIGNATURE_TYPES[type]), raw]);
  return sha256(input).subarray(0, KEY_ID_BYTES);
}

/**
 * How a key is handed to those who verify.
 * @param key private or public, Ed25519
 * @returns `<name>+<key id, hexadecimal>+<base64 of type and public key>`
 */
export function verifierKey(name: string, key: KeyObject, type: SignatureType = 'note'): string {
  const raw = rawOf(key);
  const encoded = Buffer.concat([Buffer.of(SIGNATURE_TYPES[type]), raw]).toString('base64');
  return `${name}+${keyIdOf(name, type, raw).toString('hex')}+${encoded}`;
}

/** The text that a signature of a witness covers (C2SP tlog-cosignature). @param time seconds since the epoch */
const cosigned = (text: string, time: bigint): string => `cosignature/v1\ntime ${time}\n${text}`;

/** Bytes of the time in front of a cosignature. */
const TIME_BYTES = 8;

/**
 * When a witness says that it saw the checkpoint, seconds since the epoch.
 * @param signature of a key of type `cosignature`, checked before
 */
export const cosignatureTime = (signature: Uint8Array): bigint => Buffer.from(signature).readBigUInt64BE();

const VERIFY: Readonly<Record<SignatureType, (text: string, signature: Uint8Array, key: KeyObject) => boolean>> = {
  note: (text, signature, key) =>
    signature.length === SIGNATURE_BYTES && verify(null, Buffer.from(text), key, signature),
  cosignature: (text, signature, key) =>
    signature.length === TIME_BYTES + SIGNATURE_BYTES &&
    verify(null, Buffer.from(cosigned(text, cosignatureTime(signature))), key, signature.subarray(TIME_BYTES)),
};

const VERIFIER_KEY = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/;

/**
 * Reads a verifier key.
 * @throws TransparencyError `malformed-key`, also when its id is that of another key or its type is not known here
 */
export function verifierOf(vkey: string): Verifier {
  const { name, type, raw } = parsed(vkey);
  return verifierWith(name, type, raw);
}

/** The public key of a verifier key. @throws as `verifierOf` does */
export const publicKeyOf = (vkey: string): KeyObject => keyOf(parsed(vkey).raw);

function parsed(vkey: string): { name: string; type: SignatureType; raw: Uint8Array } {
  const [, name = '', id = '', encoded = ''] = VERIFIER_KEY.exec(vkey) ?? [];
  const bytes = fromBase64(encoded);
  const type = (Object.keys(SIGNATURE_TYPES) as SignatureType[]).find((one) => SIGNATURE_TYPES[one] === bytes?.[0]);
  const raw = bytes?.subarray(1);
  if (!isKeyName(name) || type === undefined || raw?.length !== PUBLIC_KEY_BYTES) throw malformed();
  if (keyIdOf(name, type, raw).toString('hex') !== id) throw malformed();
  return { name, type, raw };
}

const malformed = (): TransparencyError => new TransparencyError('malformed-key', 'this is no verifier key');

function verifierWith(name: string, type: SignatureType, raw: Uint8Array): Verifier {
  const key = keyOf(raw);
  const keyId = keyIdOf(name, type, raw);
  return { name, keyId, type, publicKey: raw, verify: (text, signature) => VERIFY[type](text, signature, key) };
}

/**
 * A log's key.
 * @param name of the key, which is the log's origin
 * @param key private, Ed25519
 */
export const noteSigner = (name: string, key: KeyObject): Signer => ({
  ...checkedVerifier(name, key, 'note'),
  sign: (text) => sign(null, Buffer.from(text), key),
});

/**
 * A witness's key.
 * @param key private, Ed25519
 * @param now seconds since the epoch
 */
export const cosigner = (name: string, key: KeyObject, now: () => bigint): Signer => ({
  ...checkedVerifier(name, key, 'cosignature'),
  sign: (text) => {
    const time = now();
    const stamp = Buffer.alloc(TIME_BYTES);
    stamp.writeBigUInt64BE(time);
    return Buffer.concat([stamp, sign(null, Buffer.from(cosigned(text, time)), key)]);
  },
});

function checkedVerifier(name: string, key: KeyObject, type: SignatureType): Verifier {
  if (!isKeyName(name) || key.asymmetricKeyType !== 'ed25519') throw malformed();
  return verifierWith(name, type, rawOf(key));
}
