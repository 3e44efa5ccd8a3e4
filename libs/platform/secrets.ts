import { type KeyObject, createSecretKey, hkdfSync, randomBytes } from 'node:crypto';
import { join } from 'node:path';

import { createPrivateFile, readJsonFile, replacePrivateFile } from '#files';

/** Keys of a deployment. They are made at the first start and never leave the data directory. */
export interface Secrets {
  /** Signs challenges. */
  readonly humanCheck: KeyObject;
  /** The key before the last rotation, and when that was (ms since the epoch): accepted for one challenge lifetime. */
  readonly previousHumanCheck?: { readonly key: KeyObject; readonly rotatedAt: number };
  /** Signs login tokens. */
  readonly token: KeyObject;
  /** Encrypts log positions that the public sees. */
  readonly cursor: KeyObject;
  /** The keys that mark the votes of each poll come from it: no rotation changes it while a poll may be open. */
  readonly evidence: KeyObject;
  /** Makes the passes that votes are answered with. It comes from that of the evidence, so a rotation ends none while people vote. */
  readonly passe: KeyObject;
  /** Seeds of the keys that sign the logs of ballot boxes, 32 bytes each, the newest first. A poll goes on with the one that it was opened with. */
  readonly seal: readonly Uint8Array[];
  /** Public keys of the deployment whose private ones are elsewhere, the newest first. */
  readonly sealElsewhere?: readonly KeyObject[];
}

interface SecretsFile {
  humanCheck: string;
  previousHumanCheck?: { key: string; rotatedAt: number };
  token: string;
  cursor: string;
  /** Files of earlier versions have none. */
  evidence?: string;
  /** The newest first. Files of earlier versions have none. */
  seal?: string[];
}

const KEY_BYTES = 32;

/**
 * Reads the secrets of a data directory, or makes them. Of services that start together one makes them for all.
 * @param seal seeds of keys to seal with that stand before those of the directory
 */
export function loadSecrets(directory: string, seal: readonly Uint8Array[] = []): Secrets {
  if (readSecrets(directory) === undefined) createPrivateFile(pathOf(directory), serialise(freshSecrets()));
  const file = readSecrets(directory)!;
  const previous = file.previousHumanCheck;
  const evidence = evidenceOf(file);
  return {
    humanCheck: toKey(file.humanCheck),
    ...(previous && { previousHumanCheck: { key: toKey(previous.key), rotatedAt: previous.rotatedAt } }),
    token: toKey(file.token),
    cursor: toKey(file.cursor),
    evidence: toKey(evidence),
    passe: toKey(derived(evidence, 'paredao-passe')),
    seal: [...seal, ...sealOf(file).map((hex) => Buffer.from(hex, 'hex'))],
  };
}

/**
 * Gives the deployment new keys, all but that of the evidence. Challenges signed with the old key are accepted for one lifetime more, polls that
 * are open are sealed with the key that they began with; logins and cursors end at once. A running service takes them at its next start.
 */
export function rotateSecrets(directory: string, now = Date.now()): void {
  const old = readSecrets(directory);
  const fresh = freshSecrets();
  if (old !== undefined) {
    fresh.previousHumanCheck = { key: old.humanCheck, rotatedAt: now };
    fresh.evidence = evidenceOf(old);
    fresh.seal.push(...sealOf(old));
  }
  replacePrivateFile(pathOf(directory), serialise(fresh));
}

const pathOf = (directory: string): string => join(directory, 'secrets.json');

function freshSecrets(): SecretsFile & Required<Pick<SecretsFile, 'seal'>> {
  const key = (): string => randomBytes(KEY_BYTES).toString('hex');
  return { humanCheck: key(), token: key(), cursor: key(), evidence: key(), seal: [key()] };
}

/**
 * A file of an earlier version gets its key from one that it has: the same in every service, also where the file cannot be
 * written. The first rotation writes it down.
 */
const evidenceOf = ({ evidence, cursor }: SecretsFile): string => evidence ?? derived(cursor, 'paredao-evidence');

const sealOf = (file: SecretsFile): string[] => file.seal ?? [derived(evidenceOf(file), 'paredao-urna')];

/** Another key, that tells nothing of the one it is made from. */
const derived = (hex: string, purpose: string): string =>
  Buffer.from(hkdfSync('sha256', Buffer.from(hex, 'hex'), '', purpose, KEY_BYTES)).toString('hex');

const readSecrets = (directory: string): SecretsFile | undefined =>
  readJsonFile(pathOf(directory)) as SecretsFile | undefined;

const serialise = (secrets: SecretsFile): string => JSON.stringify(secrets, undefined, 2);

const toKey = (hex: string): KeyObject => createSecretKey(hex, 'hex');
