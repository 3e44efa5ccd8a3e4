import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { makeFolder } from '#files';

import { EnvironmentError } from './environment.ts';

/** What is opened there. */
const FILES = ['events.db', 'lock.db', 'read-model.db', 'secrets.json', 'tiles.db', 'users.json'];

/**
 * Looks at a data directory before anything is opened in it: SQLite says of a file that it cannot have neither which nor why. For
 * writing, a missing one is made; for reading, a missing one is left to whoever looks for something in it.
 * @throws EnvironmentError with the path and the reason
 */
export function checkDataDirectory(directory: string, use: 'read' | 'write'): void {
  const mode = use === 'write' ? constants.R_OK | constants.W_OK : constants.R_OK;
  try {
    if (use === 'write') makeFolder(directory, 0o700);
    const isDirectory = statSync(directory).isDirectory();
    if (!isDirectory) throw new Error('it is no directory');
    accessSync(directory, mode | constants.X_OK);
    for (const path of FILES.map((name) => join(directory, name))) if (existsSync(path)) accessSync(path, mode);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && use === 'read') return;
    const reason = code === 'EEXIST' ? 'it is no directory' : message;
    throw new EnvironmentError(`the data directory ${directory} cannot be used: ${reason}`);
  }
}
