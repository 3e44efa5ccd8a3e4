import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';

import { EnvironmentError } from './environment.ts';

const BLOCK = /-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----/g;

/**
 * The seeds of Ed25519 keys in a file, as `openssl genpkey -algorithm ed25519` writes them (PKCS #8, PEM): the newest first, behind it
 * those that polls were opened with which are not sealed yet.
 * @returns 32 bytes each; at least one
 * @throws EnvironmentError when there is none, or anything else
 */
export function seedsIn(path: string): Uint8Array[] {
  try {
    const blocks = readFileSync(path, 'utf8').match(BLOCK);
    if (blocks === null) throw new Error('it holds no private key in PEM');
    return blocks.map(seedOf);
  } catch (error) {
    throw new EnvironmentError(`SEAL_KEY_FILE=${path}: must be Ed25519 keys in PEM (${(error as Error).message})`);
  }
}

function seedOf(pem: string): Uint8Array {
  const key = createPrivateKey(pem);
  const { d } = key.asymmetricKeyType === 'ed25519' ? key.export({ format: 'jwk' }) : {};
  if (d === undefined) throw new Error('one of them is no Ed25519 key');
  return Buffer.from(d, 'base64url');
}
