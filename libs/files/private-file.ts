import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { makeFolder, settleFile } from './durable.ts';

/**
 * Files that only their owner can read, and that are there whole or not at all, whatever crashes meanwhile, the machine too.
 * @returns false when there is such a file already, maybe of another process that was faster
 */
export function createPrivateFile(path: string, text: string): boolean {
  try {
    put(path, text, linkSync);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** The same, in the place of what was there. */
export function replacePrivateFile(path: string, text: string): void {
  put(path, text, renameSync);
}

/**
 * What a JSON file holds.
 * @returns undefined when there is no such file
 * @throws Error that names the file when it is no JSON
 */
export function readJsonFile(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(
      `${path} is no JSON (${(error as Error).message}): put it back from a backup, or move it away and a new one is made`,
      { cause: error },
    );
  }
}

/** Writes beside, then puts it in its place in one step. */
function put(path: string, text: string, place: (from: string, to: string) => void): void {
  makeFolder(dirname(path), 0o700);
  const draft = `${path}.${String(process.pid)}`;
  try {
    writeFileSync(draft, text, { mode: 0o600, flush: true });
    settleFile(draft, path, place);
  } finally {
    rmSync(draft, { force: true });
  }
}
