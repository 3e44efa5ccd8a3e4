import { type KeyObject, createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';

import { createPrivateFile, readJsonFile } from '#files';
import { UsageError } from '#platform/arguments';
import { type Signer, cosigner, isKeyName, verifierKey } from '#transparency';

/** What the file of the key holds. */
interface KeyFile {
  readonly name: string;
  /** PKCS#8 in PEM. */
  readonly privateKey: string;
}

/** A witness's key, and how others verify it. */
export interface WitnessKey {
  readonly signer: Signer;
  readonly vkey: string;
}

/**
 * Reads the key of a witness's directory, or makes one that only its owner can read.
 * @param name of a new key; without it the machine's. A key that is there keeps its name
 * @throws UsageError for a name that cannot be one, or is not that of the key
 */
export function witnessKey(directory: string, name: string | undefined): WitnessKey {
  const path = join(directory, 'key.json');
  if (readJsonFile(path) === undefined) createPrivateFile(path, JSON.stringify(freshKey(name), undefined, 2));
  const file = readJsonFile(path) as KeyFile;
  if (name !== undefined && name !== file.name)
    throw new UsageError(`the key in ${directory} is that of ${file.name}: another witness needs another --dir`);
  const key = keyIn(path, file);
  const signer = cosigner(file.name, key, () => BigInt(Math.floor(Date.now() / 1000)));
  return { signer, vkey: verifierKey(file.name, key, 'cosignature') };
}

function freshKey(name = `${hostname()}/testemunha`): KeyFile {
  if (!isKeyName(name))
    throw new UsageError(`"${name}" cannot name a key: no spaces and no +, like tv.example/witness`);
  const { privateKey } = generateKeyPairSync('ed25519');
  return { name, privateKey: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString() };
}

function keyIn(path: string, { privateKey }: KeyFile): KeyObject {
  try {
    return createPrivateKey(privateKey);
  } catch (error) {
    throw new UsageError(`${path} holds no private key: ${(error as Error).message}`);
  }
}
