import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';

import { generatePassword, hashPassword } from './passwords.ts';
import { replaceUsers, type User, loadUsers, pathOfUsers } from './users.ts';

/** How long a change of the file may go unseen, ms. */
const LOOK_INTERVAL_MS = 1000;

/** The users' file cannot be written here: whoever operates the service changes passwords. */
class UsersReadOnlyError extends Error {
  override readonly name = 'UsersReadOnlyError';
  readonly code = 'users-read-only';
}

/**
 * The users of a data directory, as they are now: the file is read anew when it changed, so that a password that was
 * changed by another process, or by the operator, counts on every instance about a second later.
 */
export class UserDirectory {
  private users = new Map<string, User>();
  private lookedAt = 0;
  private version = '';

  /** @param known the users, where there is no file (yet) */
  constructor(
    private readonly directory: string,
    known: readonly User[],
  ) {
    this.keep(known);
  }

  find(name: string): User | undefined {
    if (Date.now() - this.lookedAt >= LOOK_INTERVAL_MS) this.look();
    return this.users.get(name);
  }

  /**
   * Stores another password hash of a user, for all instances that share the directory.
   * @throws UsersReadOnlyError where the directory is mounted read-only
   */
  setPassword(name: string, passwordHash: string): void {
    // read and written in one go: of two changes at once none is lost
    const current = loadUsers(this.directory) ?? [...this.users.values()];
    const users = current.map((user) => (user.name === name ? { ...user, passwordHash } : user));
    try {
      replaceUsers(this.directory, users);
    } catch (error) {
      if (!READ_ONLY.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
      throw new UsersReadOnlyError('the file of the users cannot be written');
    }
    this.keep(users);
  }

  /** A file that is missing or broken changes nothing: nobody is let in, or locked out, by a slip of the operator. */
  private look(): void {
    this.lookedAt = Date.now();
    try {
      const { mtimeMs, ino, size } = statSync(pathOfUsers(this.directory));
      const version = [mtimeMs, ino, size].join();
      if (version === this.version) return;
      this.keep(loadUsers(this.directory) ?? []);
      this.version = version;
    } catch {
      // looked at again in a second
    }
  }

  private keep(users: readonly User[]): void {
    this.users = new Map(users.map((user) => [user.name, user]));
  }
}

const READ_ONLY = new Set(['EROFS', 'EACCES', 'EPERM']);

/**
 * Gives a user a new password.
 * @returns the password, which is stored only as a hash
 * @throws when there is no such user, UsersReadOnlyError
 */
export async function resetPassword(directory: string, name: string): Promise<string> {
  const users = loadUsers(directory) ?? [];
  if (!users.some((user) => user.name === name)) {
    throw new Error(`"${name}" is none of the users of ${directory}: ${users.map((user) => user.name).join(', ')}`);
  }
  const password = generatePassword();
  new UserDirectory(directory, users).setPassword(name, await hashPassword(password));
  return password;
}

/** Names a password without saying anything about it: its hash has a random salt that stays here. 128 bits. */
export const passwordVersion = ({ passwordHash }: User): string =>
  createHash('sha256').update(passwordHash).digest('base64url').slice(0, 22);
