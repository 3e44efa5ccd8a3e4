import { join } from 'node:path';

import { replacePrivateFile } from '#files';
import type { Secrets } from '#platform';

import { type Credential, type User, createFirstUsers, loadUsers } from './users.ts';

/**
 * The users of a data directory; at the first start they are made, and their passwords shown once: on the terminal if
 * there is one, else in a file that only its owner can read. Never in a log.
 */
export async function ensureUsers(directory: string, secrets?: Secrets): Promise<readonly User[]> {
  const existing = loadUsers(directory);
  if (existing !== undefined) return existing;
  const credentials = await createFirstUsers(directory, secrets);
  if (credentials.length > 0) announce(directory, credentials);
  return loadUsers(directory) ?? [];
}

function announce(directory: string, credentials: readonly Credential[]): void {
  const lines = credentials.map(({ name, password }) => `  ${name.padEnd(9)} ${password}`).join('\n');
  if (process.stdout.isTTY) {
    process.stdout.write(`\nFirst credentials (shown once; only their hashes are kept):\n${lines}\n\n`);
    return;
  }
  const path = join(directory, 'first-credentials.txt');
  replacePrivateFile(path, `${lines}\n`);
  process.stdout.write(`First credentials are in ${path}: read them, keep them, delete the file.\n`);
}
