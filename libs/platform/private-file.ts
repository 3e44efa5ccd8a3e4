import { linkSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Files that only their owner can read, and that are there whole or not at all, whatever crashes meanwhile.
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

/** Writes beside, then puts it in its place in one step. */
function put(path: string, text: string, place: (from: string, to: string) => void): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${String(process.pid)}`;
  try {
    writeFileSync(draft, text, { mode: 0o600 });
    place(draft, path);
  } finally {
    rmSync(draft, { force: true });
  }
}
