import { join } from 'node:path';

import { ROLES, type Role } from '#contract';
import { createPrivateFile, readJsonFile, replacePrivateFile } from '#files';
import { loadSecrets } from '#platform';

import { PasswordTags } from './password-tags.ts';
import { generatePassword } from './passwords.ts';

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

/** The users of a data directory; undefined before the first start. @throws Error that names the file when it is broken */
export const loadUsers = (directory: string): User[] | undefined =>
  readJsonFile(pathOfUsers(directory)) as User[] | undefined;

export function replaceUsers(directory: string, users: readonly User[]): void {
  replacePrivateFile(pathOfUsers(directory), JSON.stringify(users, undefined, 2));
}

/** The users' file cannot be written here: whoever operates the service changes passwords. */
class UsersReadOnlyError extends Error {
  override readonly name = 'UsersReadOnlyError';
  readonly code = 'users-read-only';
}

/** The disk does not take the users' file now; the one from before is still there, whole. */
class UsersNotStoredError extends Error {
  override readonly name = 'UsersNotStoredError';
  readonly code = 'users-not-stored';
}

const DISK_TROUBLE = new Set(['ENOSPC', 'EDQUOT', 'EIO', 'EMFILE', 'ENFILE', 'EFBIG']);
const READ_ONLY = new Set(['EROFS', 'EACCES', 'EPERM']);

/**
 * Changes the users of a data directory, for all instances that share it. They are read and written in one go: of two
 * changes at once none is lost.
 * @param known the users, where there is no file
 * @returns the users as they are now
 * @throws UsersReadOnlyError where the directory is mounted read-only; UsersNotStoredError where the disk is full; what
 *   `change` throws
 */
export function updateUsers(
  directory: string,
  change: (users: readonly User[]) => readonly User[],
  known: readonly User[] = [],
): readonly User[] {
  const users = change(loadUsers(directory) ?? known);
  try {
    replaceUsers(directory, users);
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    if (DISK_TROUBLE.has(code))
      throw new UsersNotStoredError(`the file of the users cannot be written now: ${message}`);
    if (!READ_ONLY.has(code)) throw error;
    throw new UsersReadOnlyError('the file of the users cannot be written');
  }
  return users;
}

/** The users with another password hash for one of them. */
export const withPassword = (users: readonly User[], name: string, passwordHash: string): User[] =>
  users.map((user) => (user.name === name ? { ...user, passwordHash } : user));

/**
 * Makes one user for each role, named like it.
 * @param secrets of the services that they are for, where those are kept elsewhere
 * @returns their passwords, which are stored only as hashes; none when another process made the users meanwhile
 */
export async function createFirstUsers(directory: string, secrets = loadSecrets(directory)): Promise<Credential[]> {
  const tags = new PasswordTags(secrets.token);
  const credentials = ROLES.map((name) => ({ name, password: generatePassword() }));
  const users = await Promise.all(
    credentials.map(async ({ name, password }) => ({
      name,
      role: name,
      passwordHash: await tags.hash(name, password),
    })),
  );
  return createPrivateFile(pathOfUsers(directory), JSON.stringify(users, undefined, 2)) ? credentials : [];
}
