import { readFileSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

import type { AddressTable } from './address-table.ts';
import { type Hours, nameOf, readRecord, recordName } from './record-file.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** `<host>_<process id>_<random>`: who goes on with it. */
const HOLDER = /^(.*)_(\d+)_[0-9a-f]{8}$/;
/** What earlier versions took: it says neither hours nor holder. */
const UNNAMED = /^taken-[0-9a-f]{8}$/;

/** What earlier processes left: the hours that it is about, and the files, which are to be removed when a record with all of it is written. */
export interface Earlier {
  readonly hours: Hours;
  readonly files: readonly string[];
}

/**
 * Takes what earlier processes left of an hour, each file once, whoever else starts at the same time: also what one had taken that was killed
 * on this host. What a process took on a host that is gone stays a file until it is too old.
 * @returns undefined when there is nothing
 */
export function takeEarlier(directory: string, table: AddressTable): Earlier | undefined {
  const files: string[] = [];
  let [from, to] = [Infinity, -Infinity];
  for (const name of readdirSync(directory)) {
    const path = join(directory, name);
    const hours = leftIn(path, name);
    if (hours === undefined) continue;
    const own = join(directory, recordName('taken', hours, `${hostname()}_${String(process.pid)}`));
    if (!claim(path, own)) continue;
    readRecord(readFileSync(own, 'utf8'), table);
    files.push(own);
    [from, to] = [Math.min(from, hours.from), Math.max(to, hours.to)];
  }
  return files.length === 0 ? undefined : { hours: { from, to }, files };
}

/** Removes every file whose hours ended before a time (ms since the epoch), whichever process wrote it, and drafts of writes that were killed. */
export function removeBefore(directory: string, time: number): void {
  for (const name of readdirSync(directory)) {
    const path = join(directory, name);
    const hours = nameOf(name)?.hours ?? unnamedHours(path, name);
    if (hours !== undefined && hours.to < time) rmSync(path, { force: true });
  }
}

/** The hours of a file with which nobody goes on. */
function leftIn(path: string, name: string): Hours | undefined {
  const named = nameOf(name);
  if (named?.kind === 'open' && name.endsWith('.csv')) return named.hours;
  if (named?.kind === 'taken') return isHeld(named.rest) ? undefined : named.hours;
  const hours = unnamedHours(path, name);
  // a process of an earlier version may go on with it, until its hour is over
  return hours !== undefined && hours.to < Date.now() - DAY_MS ? hours : undefined;
}

function isHeld(holder: string): boolean {
  const [, host, id] = HOLDER.exec(holder) ?? [];
  if (host !== hostname()) return true;
  const pid = Number(id);
  // in a container each start has the same number
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** Of a file without hours in its name, the one in which it was written. */
function unnamedHours(path: string, name: string): Hours | undefined {
  const written = UNNAMED.test(name) ? statSync(path, { throwIfNoEntry: false })?.mtimeMs : undefined;
  if (written === undefined) return undefined;
  const from = Math.floor(written / HOUR_MS) * HOUR_MS;
  return { from, to: from + HOUR_MS };
}

/** @returns false when somebody else was faster */
function claim(path: string, own: string): boolean {
  try {
    renameSync(path, own);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
