import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import { createFirstUsers } from '../../libs/auth/users.ts';

const FILES = ['users.json', 'first-credentials.txt'];
/** Whatever decides what the files look like. */
const SOURCES = ['libs/auth/users.ts', 'libs/auth/passwords.ts'];

/**
 * Gives a fresh data directory its first users, as the first start of a server leaves them. Their passwords are hashed once and
 * copied from then on: hashing them takes longer than all the rest of a start, and a run has some sixty.
 */
export async function giveFirstUsers(dataDir: string): Promise<void> {
  const template = await firstUsers();
  for (const file of FILES) copyFileSync(join(template, file), join(dataDir, file));
}

async function firstUsers(): Promise<string> {
  const key = createHash('sha256');
  for (const source of SOURCES) key.update(readFileSync(source));
  const path = join(process.cwd(), 'dist', 'test-fixtures', `first-users-${key.digest('hex').slice(0, 16)}`);
  if (existsSync(path)) return path;
  mkdirSync(join(path, '..'), { recursive: true });
  const fresh = mkdtempSync(`${path}-`);
  const credentials = await createFirstUsers(fresh);
  const lines = credentials.map(({ name, password }) => `${name} ${password}\n`);
  writeFileSync(join(fresh, 'first-credentials.txt'), lines.join(''), { mode: 0o600 });
  try {
    renameSync(fresh, path);
  } catch (error) {
    // another worker was quicker
    if (!existsSync(path)) throw error;
    rmSync(fresh, { recursive: true });
  }
  return path;
}
