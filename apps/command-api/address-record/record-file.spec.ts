import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { AddressTable } from './address-table.ts';
import { nameOf, readRecord, recordName, writeRecord } from './record-file.ts';

const HOURS = { from: Date.parse('2026-11-24T22:00Z'), to: Date.parse('2026-11-25T01:00Z') };

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'paredao-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const household = (host: number): string => `203.0.113.${host}`;

/** Sixty households of three requests, one of ninety that was refused once, and an IPv6 address. */
function evening(): AddressTable {
  const table = new AddressTable(61);
  for (let host = 60; host > 0; host--) for (let request = 0; request < 3; request++) table.count(household(host));
  for (let request = 0; request < 90; request++)
    table.count('198.51.100.7', request < 1 ? 'human-check-used' : undefined);
  table.count('2001:db8::1');
  return table;
}

const written = (table: AddressTable): string => {
  writeRecord(directory, 'record.csv', table);
  return readFileSync(join(directory, 'record.csv'), 'utf8');
};

describe('a record', () => {
  it('is sorted by address, and says no count that an address has alone; its columns add up', () => {
    const lines = written(evening()).trimEnd().split('\n');
    expect(lines.slice(0, 3)).toEqual(['address,requests,human-check-used', '198.51.100.7,3+,', '203.0.113.1,3+,']);
    expect(lines.slice(-2)).toEqual(['203.0.113.60,3+,', 'others,88,1']);
    expect(lines).toHaveLength(63);
  });

  it('says exactly what a crowd has in common', () => {
    const table = new AddressTable();
    for (let host = 1; host <= 120; host++) {
      table.count(household(host));
      table.count(household(host), host % 2 === 0 ? 'too-many-requests' : undefined);
    }
    const lines = written(table).split('\n');
    expect(lines.slice(0, 3)).toEqual(['address,requests,too-many-requests', '203.0.113.1,2,', '203.0.113.2,2,1']);
    expect(lines.at(-2)).toBe('others,0,0');
  });

  it('is readable by its owner only, and nothing is beside it', () => {
    written(evening());
    expect(statSync(join(directory, 'record.csv')).mode & 0o777).toBe(0o600);
    expect(readdirSync(directory)).toEqual(['record.csv']);
  });

  it('has its hours in its name, which no other file has', () => {
    const name = recordName('complete', HOURS);
    expect(name).toMatch(/^complete_2026-11-24T22Z_2026-11-25T01Z_[\w.-]+_[0-9a-f]{8}\.csv$/);
    expect(nameOf(name)).toMatchObject({ kind: 'complete', hours: HOURS });
    expect(nameOf('report.csv')).toBeUndefined();
    expect(recordName('complete', HOURS)).not.toBe(name);
  });

  it('can be read again: the same addresses, the same sums, at least what it said', () => {
    const again = new AddressTable();
    readRecord(written(evening()), again);
    expect(again.size).toBe(61);
    expect(again.others.get('requests')).toBe(88);
    expect(written(again).split('\n').length).toBe(written(evening()).split('\n').length);
    expect(again.requests.subarray(0, 61)).toEqual(new Uint32Array(61).fill(3));
  });
});
