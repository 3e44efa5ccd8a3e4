import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { describeReadModelContract } from '../read-model.contract.ts';
import { tallyAt } from '../testing/tallies.ts';
import { SqliteReadModel } from './sqlite-read-model.ts';

const root = mkdtempSync(join(tmpdir(), 'read-model-'));
afterAll(() => rmSync(root, { recursive: true }));

describeReadModelContract('SQLite', {
  open: async (store, format) => SqliteReadModel.open(join(root, store), format),
});

describe('a lock of another program on the file', () => {
  let model: SqliteReadModel;
  let foreign: DatabaseSync;
  let directory: string;

  beforeEach(async () => {
    directory = mkdtempSync(join(root, 'locked-'));
    model = SqliteReadModel.open(directory);
    await (await model.current()).save(tallyAt('a', 1n));
    foreign = new DatabaseSync(join(directory, 'read-model.db'));
    foreign.exec('BEGIN IMMEDIATE');
  });
  afterEach(async () => {
    foreign.close();
    await model.close();
  });

  it('stops nothing else in this process, neither writers nor readers', async () => {
    const { tick, longest } = eventLoopWatch();
    const tallies = await model.current();
    const saved = tallies.save(tallyAt('a', 2n));
    expect(await tallies.load('a')).toEqual(tallyAt('a', 1n));
    setTimeout(() => foreign.exec('COMMIT'), 500);

    expect(await saved).toBe(true);
    clearInterval(tick);
    expect(longest()).toBeLessThan(200);
    expect(await tallies.load('a')).toEqual(tallyAt('a', 2n));
  });

  it('is an error when it stays', async () => {
    const tallies = await model.current();
    const started = performance.now();
    await expect(tallies.save(tallyAt('a', 2n))).rejects.toMatchObject({
      code: 'read-model-unavailable',
      message: expect.stringMatching(/locked/),
    });
    await expect(model.create()).rejects.toMatchObject({ code: 'read-model-unavailable' });
    expect(performance.now() - started).toBeLessThan(6000);
    foreign.exec('ROLLBACK');
    expect(await tallies.save(tallyAt('a', 2n))).toBe(true);
  });
});

/** The longest time in which nothing else could run, ms. */
function eventLoopWatch(): { tick: NodeJS.Timeout; longest: () => number } {
  let last = performance.now();
  let longest = 0;
  const tick = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 5);
  return { tick, longest: () => Math.max(longest, performance.now() - last) };
}

describe('the SQLite read model', () => {
  it('takes two projectors in processes of their own, and is read meanwhile', async () => {
    const directory = join(root, 'processes');
    const model = SqliteReadModel.open(directory);
    const reader = await model.current();
    const script = require.resolve('../testing/sqlite-child.ts');
    const node = ['--conditions=source', '--experimental-transform-types', '--disable-warning=ExperimentalWarning'];
    const project = (first: string) =>
      promisify(execFile)(process.execPath, [...node, script, directory, first, '400']);
    const ended = new AbortController();
    const projectors = Promise.all(['0', '1'].map(project)).finally(() => ended.abort());
    const seen = [-1n];
    while (!ended.signal.aborted) {
      seen.push((await reader.positions()).get('a') ?? -1n);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await projectors;
    expect(seen).toEqual(seen.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
    expect(await reader.load('a')).toEqual(tallyAt('a', 399n));
    expect((await reader.checkpoint()).position).toBe(399n);
    await model.close();
  });

  it('can be deleted: it begins anew', async () => {
    const directory = join(root, 'deleted');
    const model = SqliteReadModel.open(directory);
    await (await model.current()).save(tallyAt('a', 10n));
    await model.close();
    rmSync(directory, { recursive: true });
    const fresh = SqliteReadModel.open(directory);
    expect(await (await fresh.current()).save(tallyAt('a', 1n))).toBe(true);
    await fresh.close();
  });

  it('says that it is not available where the file is none of its own', () => {
    const directory = mkdtempSync(join(root, 'foreign-'));
    writeFileSync(join(directory, 'read-model.db'), 'not a database at all'.repeat(100));
    const unavailable = expect.objectContaining({ code: 'read-model-unavailable' });
    expect(() => SqliteReadModel.open(directory)).toThrow(unavailable);
  });
});
