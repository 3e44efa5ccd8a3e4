import { beforeEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  openSync,
  readFileSync,
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
const OF_NGINX = 'nginx-2026-11-24T0110.log';
const SERVICE = 'command-api-0123456789ab.log';

let folder: string;
let database: string;
let metrics: string;

beforeEach(() => {
  folder = temporaryDirectory();
  database = join(temporaryDirectory(), 'offsets.db');
  metrics = join(temporaryDirectory(), 'log-keeper.prom');
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
    ['--no-warnings', 'graylog/tidy-logs.mjs', folder, database, metrics, '0'],
    { encoding: 'utf8' },
  );
  expect(status).toBe(0);
  const left = readdirSync(folder).map((name) => [name, statSync(join(folder, name)).size / MIB] as const);
  return { stderr, left: Object.fromEntries(left) };
}

describe('what keeps the logs small', () => {
  it('removes ten minutes of nginx’ that were read to their end, and no others', () => {
    const whole = file(OF_NGINX, 10 * MIB, 0.25);
    const partly = file('nginx-2026-11-24T0100.log', 10 * MIB, 0.5);
    const present = file('nginx-2026-11-24T0120.log', 10 * MIB, 0.15);
    file('nginx-2026-11-24T0050.log', 10 * MIB, 0.6);
    read({ [whole]: 10 * MIB, [partly]: 10 * MIB - 1, [present]: 10 * MIB });
    const { stderr, left } = tidy();
    expect(stderr).toBe('');
    expect(Object.keys(left).sort()).toEqual([
      'nginx-2026-11-24T0050.log',
      'nginx-2026-11-24T0100.log',
      'nginx-2026-11-24T0120.log',
    ]);
  });

  it('takes no file for read because another one had its inode', () => {
    const path = file(OF_NGINX, 10 * MIB, 1);
    read({ [path]: 10 * MIB });
    const tail = new DatabaseSync(database);
    tail.exec(`UPDATE in_tail_files SET name = '${folder}/nginx-2026-11-23T0110.log'`);
    tail.close();
    expect(tidy().left).toEqual({ [OF_NGINX]: 10 });
  });

  it('believes the last that was noted of a file: it may have been emptied since', () => {
    const path = file(SERVICE, 65 * MIB);
    read({ [path]: 99 * MIB });
    const tail = new DatabaseSync(database);
    tail.exec(`INSERT INTO in_tail_files (name, offset, inode, created) SELECT name, 5, inode, 0 FROM in_tail_files`);
    tail.close();
    expect(tidy().left).toEqual({ [SERVICE]: 65 });
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
    file(OF_NGINX, MIB, 2);
    file(SERVICE, 65 * MIB);
    expect(tidy()).toEqual({ stderr: '', left: { [SERVICE]: 0 } });
  });

  it('lets the oldest lines go unread before the disk is full, says so, and counts them', () => {
    file('nginx-2026-11-24T0000.log', 2000 * MIB, 3);
    file('nginx-2026-11-24T0010.log', 1000 * MIB, 2.9);
    const old = file('projector-0123456789ab.log', 600 * MIB, 2);
    file(SERVICE, 2000 * MIB);
    file('nginx-2026-11-24T0300.log', 1 * MIB, 2.8);
    read({});
    const { stderr, left } = tidy();
    expect(left).toEqual({
      'nginx-2026-11-24T0010.log': 1000,
      'nginx-2026-11-24T0300.log': 1,
      'projector-0123456789ab.log': 600,
      [SERVICE]: 2000,
    });
    expect(stderr).toMatch(/^the logs take more than 4096 MiB: .*nginx-2026-11-24T0000\.log went unread\n$/);
    expect(statSync(old).size).toBe(600 * MIB);
    expect(readFileSync(metrics, 'utf8')).toMatch(/^log_keeper_discarded_bytes_total 2097152000$/m);
  });

  it('throws what was read away first, and never what nginx writes into', () => {
    // prime time: Fluent Bit is a file behind, and nginx's current file alone is large
    const unread = file('nginx-2026-11-24T0110.log', 1200 * MIB, 0.1);
    const readWholly = file('nginx-2026-11-24T0100.log', 1200 * MIB, 0.15);
    const current = file('nginx-2026-11-24T0120.log', 2000 * MIB, 1);
    read({ [unread]: 100 * MIB, [readWholly]: 1200 * MIB, [current]: 100 * MIB });
    expect(tidy()).toEqual({
      stderr: '',
      left: { 'nginx-2026-11-24T0110.log': 1200, 'nginx-2026-11-24T0120.log': 2000 },
    });
    expect(readFileSync(metrics, 'utf8')).toMatch(/^log_keeper_discarded_bytes_total 0$/m);
  });

  it('says when it cannot, and touches nothing', () => {
    file(SERVICE, 65 * MIB);
    appendFileSync(database, 'no database');
    expect(tidy()).toEqual({ stderr: expect.stringMatching(/^the logs were not tidied: /), left: { [SERVICE]: 65 } });
  });
});
