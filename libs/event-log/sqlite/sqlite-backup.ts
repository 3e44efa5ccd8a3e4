import { closeSync, existsSync, fsyncSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { EventLogUnavailableError } from '../event-log.ts';

/**
 * Copies the log of a directory that its service may be writing to: a prefix of it, as one file without a WAL, which is on the disk when this
 * ends. That the folder has its name there as well is for whoever made it.
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
  // SQLite leaves it to the system when a copy is written
  sync(join(target, 'events.db'));
}

function sync(path: string): void {
  const file = openSync(path, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
