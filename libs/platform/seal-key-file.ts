import { type KeyObject, createPrivateKey, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { publicKeyOf } from '#transparency';

import { EnvironmentError } from './environment.ts';

const BLOCKS = {
  PRIVATE: /-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----/g,
  PUBLIC: /-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----|^[^\s+]+\+[0-9a-f]{8}\+\S+$/gm,
};

/**
 * The seeds of Ed25519 keys in a file, as `openssl genpkey -algorithm ed25519` writes them (PKCS #8, PEM): the newest first, behind it
 * those that polls were opened with which are not sealed yet.
 * @returns 32 bytes each; at least one
 * @throws EnvironmentError when there is none, or anything else
 */
export const seedsIn = (path: string): Uint8Array[] => readKeys('SEAL_KEY_FILE', path, 'PRIVATE', seedOf);

/**
 * Public Ed25519 keys in a file, as `openssl pkey -pubout` writes them (PEM), or verifier keys as `/urna/vkey` gives them, a line each:
 * the newest first.
 * @returns at least one
 * @throws EnvironmentError when there is none, or anything else
 */
export const publicKeysIn = (path: string): KeyObject[] =>
  readKeys('SEAL_COMMAND_KEY_FILE', path, 'PUBLIC', (key) =>
    key.startsWith('-') ? ofEd25519(createPublicKey(key)) : publicKeyOf(key),
  );

function readKeys<T>(variable: string, path: string, kind: keyof typeof BLOCKS, read: (pem: string) => T): T[] {
  try {
    const blocks = readFileSync(path, 'utf8').match(BLOCKS[kind]);
    if (blocks === null) throw new Error(`it holds no ${kind.toLowerCase()} key`);
    return blocks.map(read);
  } catch (error) {
    throw new EnvironmentError(`${variable}=${path}: must be Ed25519 keys in PEM (${(error as Error).message})`);
  }
}

function ofEd25519(key: KeyObject): KeyObject {
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('one of them is no Ed25519 key');
  return key;
}

function seedOf(pem: string): Uint8Array {
  const { d } = ofEd25519(createPrivateKey(pem)).export({ format: 'jwk' });
  return Buffer.from(d!, 'base64url');
}
