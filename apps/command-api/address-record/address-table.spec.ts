import { describe, expect, it } from '@jest/globals';

import { addressText } from './address.ts';
import { AddressTable } from './address-table.ts';

const counted = (table: AddressTable): [string, number][] =>
  Array.from({ length: table.size }, (_, place) => [addressText(table.addresses, 4 * place), table.requests[place]!]);

describe('the table of addresses', () => {
  it('counts each address, however it is spelt, and its refusals by code', () => {
    const table = new AddressTable(8);
    table.count('203.0.113.9');
    table.count('::ffff:203.0.113.9', 'too-many-requests');
    table.count('2001:db8::1', 'too-many-requests');
    expect(counted(table)).toEqual([
      ['203.0.113.9', 2],
      ['2001:db8::1', 1],
    ]);
    expect([...table.refusals.get('too-many-requests')!.subarray(0, 2)]).toEqual([1, 1]);
  });

  it('is full at some point: further addresses are counted together, known ones go on', () => {
    const table = new AddressTable(100);
    for (let round = 0; round < 2; round++)
      for (let host = 0; host < 250; host++) table.count(`10.0.0.${host}`, host === 200 ? 'not-found' : undefined);
    table.count('unknown');
    expect(table.size).toBe(100);
    expect(counted(table).every(([, count]) => count === 2)).toBe(true);
    expect(Object.fromEntries(table.others)).toEqual({ requests: 301, 'not-found': 2 });
  });

  it('keeps a quarter of a million addresses apart', () => {
    const table = new AddressTable();
    for (let round = 0; round < 2; round++)
      for (let host = 0; host < 250_000; host++) table.count(`10.${host >> 16}.${(host >> 8) & 255}.${host & 255}`);
    expect(table.size).toBe(250_000);
    expect(new Set(table.requests.subarray(0, table.size))).toEqual(new Set([2]));
  });
});
