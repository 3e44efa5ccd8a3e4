import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * Holds the write lock of an event log's file, as a stuck disk or a store that is away would: whoever writes to it is
 * told that it is busy, until `release`.
 */
export class StalledLog {
  private readonly database: DatabaseSync;

  constructor(dataDir: string) {
    this.database = new DatabaseSync(join(dataDir, 'events.db'), { timeout: 5000 });
    this.database.exec('BEGIN IMMEDIATE');
  }

  release(): void {
    this.database.exec('ROLLBACK');
    this.database.close();
  }
}
