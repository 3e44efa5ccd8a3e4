import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { FastifyRequest } from 'fastify';
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type Environment, type RequestObserver, readEnvironment } from '#platform';

import { recordingLogger } from '../../../libs/platform/testing/recording-logger.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { AddressRecord } from './address-record.ts';

const TEN_PAST_TEN = Date.parse('2026-11-24T22:10Z');
const HOUR = 3_600_000;

const realNow = Date.now.bind(Date);

/** What the wall clock says beyond the real time, ms. */
let clock: number;
let dataDir: string;
let directory: string;
let follower: Parameters<RequestObserver['follow']>[0];
let lines: ReturnType<typeof recordingLogger>['lines'];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'paredao-'));
  directory = join(dataDir, 'address-record');
  clock = TEN_PAST_TEN - realNow();
  jest.spyOn(Date, 'now').mockImplementation(() => realNow() + clock);
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(dataDir, { recursive: true });
});

function start(variables: Record<string, string> = {}): AddressRecord {
  const environment: Environment = readEnvironment({}, { DATA_DIR: dataDir, ...variables });
  const recording = recordingLogger();
  lines = recording.lines;
  const observer = { follow: (one: typeof follower) => void (follower = one) } as unknown as RequestObserver;
  const record = new AddressRecord(environment, observer, recording.logger);
  record.onApplicationBootstrap();
  return record;
}

/** So many addresses ask for a challenge. */
function visit(count: number, network = '203.0.113', observedAs?: string): void {
  for (let host = 1; host <= count; host++)
    follower({ ip: `${network}.${host}`, observedAs, routeOptions: { url: '/desafio' } } as FastifyRequest, undefined);
}

/** Sets the wall clock so many hours past ten past ten. */
const setClock = (hours: number): void => {
  clock = TEN_PAST_TEN + hours * HOUR - realNow();
};

const at = (record: AddressRecord, hours: number): void => {
  setClock(hours);
  record.look();
};
const files = (): string[] => readdirSync(directory).sort();
const rows = (name: string): number => readFileSync(join(directory, name), 'utf8').split('\n').length - 3;
/** The files, once they are as many. */
const written = (count: number): Promise<string[]> =>
  eventually(files, (names) => names.filter((name) => name.endsWith('.csv')).length === count);

describe('the record of addresses', () => {
  it('is a file for each full hour', async () => {
    const record = start();
    visit(60);
    record.look();
    expect(files()).toEqual([]);
    at(record, 1);
    const [name = ''] = await written(1);
    expect(name).toMatch(/^complete_2026-11-24T22Z_2026-11-24T23Z_/);
    expect(rows(name)).toBe(60);
    visit(70);
    at(record, 2);
    const [, next = ''] = await written(2);
    expect(next).toMatch(/^complete_2026-11-24T23Z_2026-11-25T00Z_/);
    expect(rows(next)).toBe(70);
    await record.onApplicationShutdown();
    expect(files()).toHaveLength(2);
  });

  it('joins an hour of fewer than fifty addresses with the next', async () => {
    const record = start();
    visit(49);
    at(record, 1);
    at(record, 2);
    visit(1, '198.51.100');
    at(record, 3);
    const [name = ''] = await written(1);
    expect(name).toMatch(/^complete_2026-11-24T22Z_2026-11-25T01Z_/);
    expect(rows(name)).toBe(50);
    await record.onApplicationShutdown();
  });

  it('takes nobody who rehearses for one of the crowd', async () => {
    const record = start();
    visit(49);
    visit(200, '10.0.0', '/desafio (ensaio)');
    at(record, 1);
    expect(files()).toEqual([]);
    visit(1, '198.51.100');
    at(record, 2);
    const [name = ''] = await written(1);
    expect(rows(name)).toBe(50);
    await record.onApplicationShutdown();
  });

  it('goes on after a stop, hours later too, and says no time of the stop', async () => {
    const first = start();
    visit(60);
    await first.onApplicationShutdown();
    expect(files()).toEqual([expect.stringMatching(/^open_2026-11-24T22Z_2026-11-24T23Z_/)]);
    const second = start();
    expect(files()).toEqual([expect.stringMatching(/^taken_2026-11-24T22Z_2026-11-24T23Z_/)]);
    visit(10, '198.51.100');
    await second.onApplicationShutdown();
    setClock(5);
    const third = start();
    const [name = ''] = await written(1);
    expect(name).toMatch(/^complete_2026-11-24T22Z_2026-11-24T23Z_/);
    expect(rows(name)).toBe(70);
    await third.onApplicationShutdown();
    expect(files()).toHaveLength(1);
  });

  it('goes on after a stop and a kill', async () => {
    const first = start();
    visit(60);
    await first.onApplicationShutdown();
    // nobody stops it
    start();
    visit(10, '198.51.100');
    setClock(5);
    const third = start();
    const [name = ''] = await written(1);
    expect([name, rows(name)]).toEqual([expect.stringMatching(/^complete_2026-11-24T22Z_2026-11-24T23Z_/), 60]);
    await third.onApplicationShutdown();
    expect(files()).toHaveLength(1);
  });

  it('has as many hours as the operator says', async () => {
    const record = start({ ADDRESS_RECORD_HOURS: '24' });
    visit(60);
    at(record, 1);
    expect(files()).toEqual([]);
    at(record, 2);
    expect(await written(1)).toEqual([expect.stringMatching(/^complete_2026-11-24T00Z_2026-11-25T00Z_/)]);
    await record.onApplicationShutdown();
  });

  it('is nowhere when it is off', async () => {
    const record = start({ ADDRESS_RECORD_HOURS: 'off' });
    record.look();
    await record.onApplicationShutdown();
    expect(readdirSync(dataDir)).toEqual([]);
  });

  it('loses nothing when the clock is set back', async () => {
    const record = start();
    visit(60);
    at(record, 1);
    visit(60);
    at(record, -1);
    visit(60);
    at(record, 1);
    expect(await written(3)).toHaveLength(3);
    await record.onApplicationShutdown();
  });

  it('waits for a disk that does not take it, says so, and writes it at the stop at the latest', async () => {
    const record = start();
    visit(60);
    rmSync(directory, { recursive: true });
    writeFileSync(directory, '');
    at(record, 1);
    await eventually(
      () => lines.filter(({ level }) => level === 'error'),
      ({ length }) => length === 1,
    );
    rmSync(directory);
    await record.onApplicationShutdown();
    expect(files()).toEqual([expect.stringMatching(/^complete_2026-11-24T22Z/)]);
    expect(JSON.stringify(lines)).not.toContain('203.0.113');
  });

  it('removes what is older than six months', async () => {
    const record = start();
    writeFileSync(join(directory, 'complete_2026-05-01T00Z_2026-05-01T01Z_x_00000000.csv'), '');
    writeFileSync(join(directory, 'complete_2026-06-01T00Z_2026-06-01T01Z_x_00000000.csv'), '');
    visit(60);
    at(record, 1);
    await eventually(files, (names) => names.length === 2 && names.every((name) => !name.includes('2026-05')));
    await record.onApplicationShutdown();
  });

  it('does not start where it cannot write, and says which setting is wrong', () => {
    writeFileSync(directory, '');
    chmodSync(directory, 0o400);
    expect(() => start()).toThrow(/^ADDRESS_RECORD_DIR must be a folder/);
  });
});
