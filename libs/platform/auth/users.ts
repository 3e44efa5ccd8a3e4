import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { createPrivateFile, replacePrivateFile } from '../private-file.ts';
import { generatePassword, hashPassword } from './passwords.ts';

export const ROLES = ['admin', 'producao', 'auditor', 'sre'] as const;

/** `admin` opens and closes polls, `producao` reads counts, `auditor` counts and the event log, `sre` how the service does. */
export type Role = (typeof ROLES)[number];

export interface User {
  readonly name: string;
  readonly role: Role;
  readonly passwordHash: string;
}

/** A user and password in the clear: exists only until it was shown once. */
export interface Credential {
  readonly name: string;
  readonly password: string;
}

export const pathOfUsers = (directory: string): string => join(directory, 'users.json');

/** The users of a data directory; undefined before the first start. */
export function loadUsers(directory: string): User[] | undefined {
  try {
    return JSON.parse(readFileSync(pathOfUsers(directory), 'utf8')) as User[];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

export function replaceUsers(directory: string, users: readonly User[]): void {
  replacePrivateFile(pathOfUsers(directory), JSON.stringify(users, undefined, 2));
}

/**
 * Makes one user for each role, named like it.
 * @returns their passwords, which are stored only as hashes; none when another process made the users meanwhile
 */
export async function createFirstUsers(directory: string): Promise<Credential[]> {
  const credentials = ROLES.map((name) => ({ name, password: generatePassword() }));
  const users = await Promise.all(
    credentials.map(async ({ name, password }) => ({ name, role: name, passwordHash: await hashPassword(password) })),
  );
  return createPrivateFile(pathOfUsers(directory), JSON.stringify(users, undefined, 2)) ? credentials : [];
}
