import { beforeEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  openSync,
  readdirSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { temporaryDirectory } from '../support/server.ts';

const MIB = 1024 * 1024;
const HOUR_S = 3600;
const HOURLY = 'nginx-2026-11-24T01.log';
const SERVICE = 'command-api-0123456789ab.log';

let folder: string;
let database: string;

beforeEach(() => {
  folder = temporaryDirectory();
  database = join(temporaryDirectory(), 'offsets.db');
});

/** A file of a length, last written some hours ago; it takes no room on the disk. */
function file(name: string, bytes: number, hoursAgo = 0): string {
  const path = join(folder, name);
  writeFileSync(path, '');
  truncateSync(path, bytes);
  const time = Date.now() / 1000 - hoursAgo * HOUR_S;
  utimesSync(path, time, time);
  return path;
}

/** What Fluent Bit has noted: how far it read each file. */
function read(positions: Readonly<Record<string, number>>): void {
  const tail = new DatabaseSync(database);
  tail.exec(
    'CREATE TABLE in_tail_files (id INTEGER PRIMARY KEY, name TEXT NOT NULL, offset INTEGER, inode INTEGER, created INTEGER, rotated INTEGER DEFAULT 0)',
  );
  const insert = tail.prepare('INSERT INTO in_tail_files (name, offset, inode, created) VALUES (?, ?, ?, 0)');
  for (const [path, position] of Object.entries(positions)) insert.run(path, position, statSync(path).ino);
  tail.close();
}

/** One round; returns what it complained about, and what is left, with sizes in MiB. */
function tidy(): { stderr: string; left: Record<string, number> } {
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--no-warnings', 'graylog/tidy-logs.mjs', folder, database, '0'],
    { encoding: 'utf8' },
  );
  expect(status).toBe(0);
  const left = readdirSync(folder).map((name) => [name, statSync(join(folder, name)).size / MIB] as const);
  return { stderr, left: Object.fromEntries(left) };
}

describe('what keeps the logs small', () => {
  it('removes an hour of nginx’ that was read to its end, and no other', () => {
    const whole = file(HOURLY, 10 * MIB, 2);
    const partly = file('nginx-2026-11-24T00.log', 10 * MIB, 3);
    const present = file('nginx-2026-11-24T02.log', 10 * MIB, 0.5);
    file('nginx-2026-11-23T23.log', 10 * MIB, 4);
    read({ [whole]: 10 * MIB, [partly]: 10 * MIB - 1, [present]: 10 * MIB });
    const { stderr, left } = tidy();
    expect(stderr).toBe('');
    expect(Object.keys(left).sort()).toEqual([
      'nginx-2026-11-23T23.log',
      'nginx-2026-11-24T00.log',
      'nginx-2026-11-24T02.log',
    ]);
  });

  it('empties a large file of a service that was read to its end, and no other', () => {
    const large = file(SERVICE, 65 * MIB);
    const unread = file('projector-0123456789ab.log', 65 * MIB);
    const small = file('query-api-0123456789ab.log', 63 * MIB);
    const dead = file('query-api-ba9876543210.log', 1 * MIB, 25);
    read({ [large]: 65 * MIB, [unread]: 64 * MIB, [small]: 63 * MIB, [dead]: 1 * MIB });
    expect(tidy()).toEqual({
      stderr: '',
      left: {
        [SERVICE]: 0,
        'projector-0123456789ab.log': 65,
        'query-api-0123456789ab.log': 63,
        'query-api-ba9876543210.log': 0,
      },
    });
  });

  it('lets a service go on in a file that was emptied', () => {
    const path = file(SERVICE, 65 * MIB);
    const open = openSync(path, 'a');
    read({ [path]: 65 * MIB });
    tidy();
    writeSync(open, 'the next line\n');
    expect(statSync(path).size).toBe('the next line\n'.length);
  });

  it('keeps nothing for Fluent Bit where it never ran', () => {
    file(HOURLY, MIB, 2);
    file(SERVICE, 65 * MIB);
    expect(tidy()).toEqual({ stderr: '', left: { [SERVICE]: 0 } });
  });

  it('lets the oldest lines go unread before the disk is full, and says so', () => {
    file('nginx-2026-11-24T00.log', 3000 * MIB, 3);
    const old = file('projector-0123456789ab.log', 600 * MIB, 2);
    file(SERVICE, 3000 * MIB);
    read({});
    const { stderr, left } = tidy();
    expect(left).toEqual({ 'projector-0123456789ab.log': 600, [SERVICE]: 3000 });
    expect(stderr).toMatch(/^the logs take more than 4096 MiB: .*nginx-2026-11-24T00\.log went unread\n$/);
    expect(statSync(old).size).toBe(600 * MIB);
  });

  it('says when it cannot, and touches nothing', () => {
    file(SERVICE, 65 * MIB);
    appendFileSync(database, 'no database');
    expect(tidy()).toEqual({ stderr: expect.stringMatching(/^the logs were not tidied: /), left: { [SERVICE]: 65 } });
  });
});
