import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/**
 * Makes a folder and those around it that are not there, for good: their names are on the disk before this ends.
 * @param mode of each that is made
 */
export function makeFolder(path: string, mode = 0o777): void {
  const first = mkdirSync(path, { recursive: true, mode });
  if (first === undefined) return;
  const top = dirname(resolve(first));
  for (let folder = resolve(path); folder !== top; syncFolder(folder)) folder = dirname(folder);
}

/** Puts a file or folder that was written and synced in its place, for good: its new name is on the disk before this ends. */
export function settleFile(draft: string, path: string, place: (from: string, to: string) => void = renameSync): void {
  place(draft, path);
  syncFolder(dirname(path));
}

/** Has everything that is in a folder on the disk before this ends: each file, and the names in each folder. */
export function syncTree(folder: string): void {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) syncFolder(path);
    else sync(path, 'r+');
  }
  syncFolder(folder);
}

/** Has the names that a folder holds on the disk before this ends: what was created or renamed in it. */
function syncFolder(path: string): void {
  // Windows has no such handle, and needs none
  if (process.platform !== 'win32') sync(path, 'r');
}

function sync(path: string, flags: string): void {
  const file = openSync(path, flags);
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
