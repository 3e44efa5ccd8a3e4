import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { DenyList } from './deny-list.ts';

let folder: string;
let path: string;
let warnings: unknown[][];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'paredao-'));
  path = join(folder, 'networks.txt');
  warnings = [];
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const logger = { log: () => {}, warn: (...line: unknown[]) => void warnings.push(line) };
const listOf = (text: string): DenyList => {
  writeFileSync(path, text);
  return new DenyList(path, logger);
};

describe('the deny list', () => {
  it('has addresses and networks of both kinds, with comments between', () => {
    const list = listOf('# bots\n203.0.113.0/24 # a whole one\n\n198.51.100.7\r\n2001:db8:1::/48\n');
    const denied = ['203.0.113.9', '::ffff:203.0.113.9', '198.51.100.7', '2001:db8:1:2::3', '2001:DB8:1::1'];
    const others = ['203.0.114.9', '198.51.100.8', '2001:db8:2::3', '', 'unknown'];
    expect(denied.map((address) => list.denies(address))).toEqual(denied.map(() => true));
    expect(others.map((address) => list.denies(address))).toEqual(others.map(() => false));
    // and once more, from memory
    expect([list.denies('203.0.113.9'), list.denies('203.0.114.9')]).toEqual([true, false]);
  });

  it('names bad lines by their number only, and takes the others', () => {
    const list = listOf('203.0.113.7/33\n198.51.100.7\nnobody\n10.0.0.0/8/8\n2001:db8::/129\n1.2.3.4/-1\n');
    expect(list.denies('198.51.100.7')).toBe(true);
    expect(list.denies('203.0.113.7')).toBe(false);
    expect(warnings).toEqual([[{ lines: '1,3,4,5,6', count: 5 }, 'bad lines in the deny file']]);
  });

  it('follows the file when it is written, replaced or away', () => {
    const list = listOf('203.0.113.7\n');
    writeFileSync(path, '198.51.100.7\n198.51.100.8\n');
    list.refresh();
    expect([list.denies('203.0.113.7'), list.denies('198.51.100.8')]).toEqual([false, true]);
    writeFileSync(join(folder, 'new'), '192.0.2.1\n');
    renameSync(join(folder, 'new'), path);
    list.refresh();
    expect([list.denies('198.51.100.8'), list.denies('192.0.2.1')]).toEqual([false, true]);
    rmSync(path);
    for (let look = 0; look < 3; look++) list.refresh();
    expect(list.denies('192.0.2.1')).toBe(true);
    expect(warnings).toHaveLength(1);
    writeFileSync(path, '');
    list.refresh();
    expect(list.denies('192.0.2.1')).toBe(false);
  });

  it('denies nobody when there is no file, and says so', () => {
    expect(new DenyList(path, logger).denies('203.0.113.7')).toBe(false);
    expect(warnings).toEqual([[{ code: 'ENOENT' }, expect.stringContaining('cannot be read')]]);
  });
});
