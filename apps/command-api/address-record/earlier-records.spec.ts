import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

import { AddressTable } from './address-table.ts';
import { removeBefore, takeEarlier } from './earlier-records.ts';
import { type Hours, recordName, writeRecord } from './record-file.ts';

const HOUR = 3_600_000;
const HOURS = { from: Date.parse('2026-11-24T22:00Z'), to: Date.parse('2026-11-25T01:00Z') };

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'paredao-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** A record of one address under any name. */
function write(name: string, address = '203.0.113.1'): void {
  const table = new AddressTable();
  table.count(address, 'not-found');
  writeRecord(directory, name, table);
}

/** What a process takes, as addresses and hours. */
function take(): { addresses: number; hours: Hours | undefined } {
  const table = new AddressTable();
  const earlier = takeEarlier(directory, table);
  return { addresses: table.others.get('not-found') ?? 0, hours: earlier?.hours };
}
const NOTHING = { addresses: 0, hours: undefined };

const takenBy = (holder: string, hours = HOURS): string => recordName('taken', hours, holder);
const endedProcess = (): number => spawnSync(process.execPath, ['-e', '']).pid;

describe('what earlier processes left', () => {
  it('is taken of all stops together, and stays until whoever took it has written it', () => {
    for (const host of [1, 2])
      write(recordName('open', { from: HOURS.from + host * HOUR, to: HOURS.to }), `203.0.113.${host}`);
    write(recordName('complete', HOURS));

    expect(take()).toEqual({ addresses: 2, hours: { from: HOURS.from + HOUR, to: HOURS.to } });
    const files = readdirSync(directory).sort();
    expect(files.map((name) => name.split('_')[0])).toEqual(['complete', 'taken', 'taken']);
  });

  it('is taken again from a process of this host that was killed', () => {
    for (const pid of [endedProcess(), process.pid]) {
      write(takenBy(`${hostname()}_${pid}`));
      expect(take()).toEqual({ addresses: 1, hours: HOURS });
      for (const name of readdirSync(directory)) rmSync(join(directory, name));
    }
  });

  it('is left to a process that runs, here or elsewhere', () => {
    write(takenBy(`${hostname()}_${process.ppid}`));
    write(takenBy('another-host_1'));

    expect(take()).toEqual(NOTHING);
    expect(readdirSync(directory)).toHaveLength(2);
  });

  it('is taken from an earlier version that was killed, a day after its hour', () => {
    const name = 'taken-0123abcd';
    write(name);
    expect(take()).toEqual(NOTHING);
    const written = new Date(HOURS.from + 1);
    utimesSync(join(directory, name), written, written);

    expect(take()).toEqual({ addresses: 1, hours: { from: HOURS.from, to: HOURS.from + HOUR } });
  });

  it('is removed when it is too old, whatever it is called', () => {
    const names = [
      ...[recordName('complete', HOURS), recordName('open', HOURS), takenBy('another-host_1'), 'taken-0123abcd'],
      `${recordName('complete', HOURS)}.new`,
    ];
    for (const name of names) writeFileSync(join(directory, name), '');
    utimesSync(join(directory, 'taken-0123abcd'), new Date(HOURS.from), new Date(HOURS.from));
    write('notes.txt');
    const kept = recordName('open', { from: HOURS.from, to: HOURS.to + 2 * HOUR });
    write(kept);
    removeBefore(directory, HOURS.to + HOUR);

    expect(readdirSync(directory).sort()).toEqual(['notes.txt', kept].sort());
  });
});
