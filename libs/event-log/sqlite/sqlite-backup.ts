import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { EventLogUnavailableError } from '../event-log.ts';

/**
 * Copies the log of a directory that its service may be writing to: a prefix of it, as one file without a WAL. SQLite leaves it to the system when
 * that is written: to have it on the disk is for whoever made the folder.
 * @param target a directory without a log
 * @throws EventLogUnavailableError when there is no log
 */
export function backUpSqliteLog(directory: string, target: string): void {
  const path = join(directory, 'events.db');
  if (!existsSync(path)) throw new EventLogUnavailableError(`there is no event log in ${directory}`);
  const database = new DatabaseSync(path, { readOnly: true, timeout: 5000 });
  try {
    database.prepare('VACUUM INTO ?').run(join(target, 'events.db'));
  } finally {
    database.close();
  }
}
