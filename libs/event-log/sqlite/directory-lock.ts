import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { makeFolder } from '#files';

const SQLITE_BUSY = 5;

/** Another process owns the data directory. */
class DirectoryLockedError extends Error {
  override readonly name = 'DirectoryLockedError';
  readonly code = 'directory-locked';
}

/**
 * Owns a data directory until it is released or the process ends, however it ends: the operating system drops the file
 * lock of an open SQLite transaction, so there is never a stale lock to clean up.
 */
export class DirectoryLock {
  private constructor(private readonly database: DatabaseSync) {}

  /** @throws DirectoryLockedError when another process has it */
  static acquire(directory: string): DirectoryLock {
    makeFolder(directory, 0o700);
    const database = new DatabaseSync(join(directory, 'lock.db'), { timeout: 0 });
    try {
      database.exec('BEGIN EXCLUSIVE');
    } catch (error) {
      database.close();
      if ((error as { errcode?: number }).errcode !== SQLITE_BUSY) throw error;
      throw new DirectoryLockedError(`the data directory ${directory} is in use by another process`);
    }
    return new DirectoryLock(database);
  }

  release(): void {
    if (this.database.isOpen) this.database.close();
  }
}
