import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

import { isoTime } from '#domain';
import { makeFolder, settleFile } from '#files';

import { addressText, WORDS } from './address.ts';
import { type AddressCounts, AddressTable, REQUESTS } from './address-table.ts';
import { type Crowd, crowdsOf } from './crowds.ts';

/** Hours that a file is about, ms since the epoch: from the beginning of the first to the end of the last. */
export interface Hours {
  readonly from: number;
  readonly to: number;
}

/**
 * `complete`: of whole hours. `open`: what a stop left of an hour; the next start goes on with it. `taken`: such a one, with which a process
 * goes on until what it made of it is written.
 */
export type RecordKind = 'complete' | 'open' | 'taken';

const ADDRESS = 'address';
/** The line of what no other line says: addresses beyond the most, and what crowds hide. So a column's sum is exact. */
const OTHERS = 'others';
const AT_LEAST_ONE: Crowd = { least: 1, isRange: true };
const LINES_AT_ONCE = 10_000;
const NAME = /^(complete|open|taken)_(\d{4}-\d\d-\d\dT\d\d)Z_(\d{4}-\d\d-\d\dT\d\d)Z_(.*)$/;
const HOUR_LENGTH = '2026-11-24T22'.length;

const hourOf = (time: number): string => `${isoTime(time).slice(0, HOUR_LENGTH)}Z`;

/** A name that no other file has, whichever instance writes it: `complete_<from>_<to>_<host>_<random>.csv`, hours in UTC. */
export function recordName(kind: RecordKind, { from, to }: Hours, writer = hostname()): string {
  const name = `${kind}_${hourOf(from)}_${hourOf(to)}_${writer}_${randomBytes(4).toString('hex')}`;
  return kind === 'taken' ? name : `${name}.csv`;
}

/** What a file is, by its name; undefined for one that is none of ours. `rest`: what comes after the hours. */
export function nameOf(name: string): { kind: RecordKind; hours: Hours; rest: string } | undefined {
  const [, kind, from = '', to = '', rest = ''] = NAME.exec(name) ?? [];
  if (kind === undefined) return undefined;
  return { kind: kind as RecordKind, hours: { from: Date.parse(`${from}:00Z`), to: Date.parse(`${to}:00Z`) }, rest };
}

/**
 * Writes a record, sorted by address: it is there whole or not at all, and only its owner can read it.
 * @throws what the file system throws
 */
export function writeRecord(directory: string, name: string, counts: AddressCounts): void {
  makeFolder(directory, 0o700);
  const draft = join(directory, `${name}.new`);
  try {
    const file = openSync(draft, 'wx', 0o600);
    try {
      for (const text of linesOf(counts)) writeSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    settleFile(draft, join(directory, name));
  } finally {
    rmSync(draft, { force: true });
  }
}

interface Column {
  readonly name: string;
  readonly counts: Uint32Array;
  readonly crowds: ReadonlyMap<number, Crowd>;
  /** What the lines of the addresses do not say. */
  rest: number;
}

/** The requests, then each code. */
function columnsOf({ size, requests, refusals, others }: AddressCounts): Column[] {
  const codes = [...new Set([...refusals.keys(), ...others.keys()])].filter((name) => name !== REQUESTS).sort();
  return [REQUESTS, ...codes].map((name) => {
    const counts = (name === REQUESTS ? requests : refusals.get(name))?.subarray(0, size) ?? new Uint32Array(size);
    return { name, counts, crowds: crowdsOf(counts), rest: others.get(name) ?? 0 };
  });
}

/** How a count of a column is said; that an address made a request at all, its line says anyway. */
function crowdOf({ name, crowds }: Column, count: number): Crowd | undefined {
  return crowds.get(count) ?? (name === REQUESTS ? AT_LEAST_ONE : undefined);
}

function* linesOf(record: AddressCounts): Iterable<string> {
  const { size, addresses } = record;
  const columns = columnsOf(record);
  yield `${[ADDRESS, ...columns.map(({ name }) => name)].join()}\n`;
  const places = Uint32Array.from({ length: size }, (_, place) => place).sort((one, other) =>
    byWords(addresses, one, other),
  );
  let lines: string[] = [];
  for (const place of places) {
    const cells = columns.map((column) => {
      const count = column.counts[place]!;
      const crowd = crowdOf(column, count);
      column.rest += count - (crowd?.least ?? 0);
      return crowd === undefined ? '' : `${String(crowd.least)}${crowd.isRange ? '+' : ''}`;
    });
    lines.push(`${[addressText(addresses, place * WORDS), ...cells].join()}\n`);
    if (lines.length < LINES_AT_ONCE) continue;
    yield lines.join('');
    lines = [];
  }
  yield `${lines.join('')}${[OTHERS, ...columns.map(({ rest }) => String(rest))].join()}\n`;
}

function byWords(addresses: Uint32Array, one: number, other: number): number {
  for (let word = 0; word < WORDS; word++) {
    const difference = addresses[one * WORDS + word]! - addresses[other * WORDS + word]!;
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Adds a record to a table: what was said as "at least" counts as that, the rest belongs to the others. */
export function readRecord(text: string, table: AddressTable): void {
  const [head = '', ...lines] = text.trimEnd().split('\n');
  const [, ...columns] = head.split(',');
  for (const line of lines) {
    const [address = '', ...cells] = line.split(',');
    columns.forEach((column, index) => {
      const count = Number.parseInt(cells[index] ?? '', 10);
      if (count > 0) table.add(address, column, count);
    });
  }
}
