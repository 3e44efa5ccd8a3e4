import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';

import { type User, loadUsers, pathOfUsers, updateUsers, withPassword } from './users.ts';

/** How long a change of the file may go unseen, ms. */
const LOOK_INTERVAL_MS = 1000;

/**
 * The users of a data directory, as they are now. The file is read again when it changes, so a password that another process
 * changed, or a user that the operator added or removed, takes effect on every instance about a second later.
 */
export class UserDirectory {
  private users = new Map<string, User>();
  /** On the clock of `performance.now()`, ms. */
  private lookedAt = -Infinity;
  private version = '';

  /** @param known the users, where there is no file (yet) */
  constructor(
    private readonly directory: string,
    known: readonly User[],
  ) {
    this.keep(known);
  }

  /** The user of this name as of at most a second ago; undefined when there is none. */
  find(name: string): User | undefined {
    if (performance.now() - this.lookedAt >= LOOK_INTERVAL_MS) this.look();
    return this.users.get(name);
  }

  /**
   * Stores another password hash of a user, for all instances that share the directory.
   * @throws UsersReadOnlyError where the directory is mounted read-only
   */
  setPassword(name: string, passwordHash: string): void {
    const known = [...this.users.values()];
    this.keep(updateUsers(this.directory, (users) => withPassword(users, name, passwordHash), known));
  }

  /** A file that is missing or broken changes nothing: a slip of the operator neither admits nor locks out anyone. */
  private look(): void {
    this.lookedAt = performance.now();
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

/** Names a password without saying anything about it: its hash has a random salt that stays here. 128 bits. */
export const passwordVersion = ({ passwordHash }: User): string =>
  createHash('sha256').update(passwordHash).digest('base64url').slice(0, 22);
