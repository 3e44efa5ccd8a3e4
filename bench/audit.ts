import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readArguments } from '#platform/arguments';

import { DoubleProcess } from '../test/eventstoredb-double/double-process.ts';
import { fillEventStore, makeSqliteHistory } from './history/make.ts';
import { type Measured, SEALED_PLACE, measureSubject, subjectsAt } from './history/subjects.ts';
import { type Pair, misses, rowOf } from './history/verdict.ts';
import { numberOption } from './lib/options.ts';

const PROGRAM = {
  usage: 'npm run bench:audit -- [options]',
  about: `Compares audits with the least that anybody could do. Exit code 1: slower than 0.6 × the bare loop (0.8 × the bare client
on EventStoreDB), or more than 300 MB of memory.`,
  options: {
    events: { type: 'string', value: 'N', default: '1000000', help: 'votes in the log' },
    'data-dir': { type: 'string', value: 'PATH', help: 'where the log is, or is made and kept; else a temporary one' },
    seed: { type: 'string', value: 'N', default: '1', help: 'the same seed makes the same log' },
    rounds: { type: 'string', value: 'N', default: '3', help: 'measurements of each subject, each beside a bare loop' },
    sealed: {
      type: 'boolean',
      default: false,
      help: 'of a ballot box that is a transparency log, beside a loop that hashes it',
    },
    eventstore: { type: 'boolean', default: false, help: "on EventStoreDB's double instead of SQLite" },
    make: { type: 'boolean', default: false, help: 'only makes the log' },
    // what this program calls itself with
    only: { type: 'string' },
    place: { type: 'string', default: '' },
  },
} as const;

/** What an audit and a rebuild must reach; a projector's start reads little, and has seconds. */
const LIMITED = new Set(['audit', 'audit --quick', 'rebuild']);
const MEMORY_LIMIT = 300;
const DOUBLE = 'dist/test/eventstoredb-double/main.js';

const { values, votes, seed, rounds } = readArguments(PROGRAM, ({ values: given }) => ({
  values: given,
  votes: numberOption('events', given.events, 1),
  seed: numberOption('seed', given.seed, 0),
  rounds: numberOption('rounds', given.rounds, 1),
}));

/** Compares audits with the least that anybody could do, in turns, each in a process of its own. */
async function main(): Promise<void> {
  if (values.only !== undefined) return console.log(JSON.stringify(await measureSubject(values.only, values.place)));
  await (values.eventstore ? onEventStore() : onSqlite());
}

async function onSqlite(): Promise<void> {
  const folder = values['data-dir'] ?? mkdtempSync(join(tmpdir(), 'paredao-audit-'));
  const directory = values.sealed ? join(folder, `log${SEALED_PLACE}`) : folder;
  try {
    if (!existsSync(join(directory, 'events.db'))) {
      const { seconds, expected } = await makeSqliteHistory(directory, votes, seed, { sealed: values.sealed });
      console.log(`made ${votes.toLocaleString('en')} votes in ${seconds.toFixed(1)} s: ${JSON.stringify(expected)}`);
    }
    if (!values.make) compare(directory, 0.6);
  } finally {
    if (values['data-dir'] === undefined) rmSync(folder, { recursive: true });
  }
}

async function onEventStore(): Promise<void> {
  const double = new DoubleProcess([process.execPath, DOUBLE]);
  await double.start();
  try {
    await fillEventStore(double.connectionString, { pollId: '1', votes, seed });
    compare(double.connectionString, 0.8);
  } finally {
    await double.kill();
  }
}

function compare(place: string, ratio: number): void {
  const results = new Map<string, Pair[]>(subjectsAt(place).map((name) => [name, []]));
  for (let round = rounds; round > 0; round--) {
    let bare: Measured | undefined;
    for (const [name, pairs] of results) {
      if (bare === undefined || LIMITED.has(name)) bare = run('bare', place);
      pairs.push({ bare, subject: run(name, place) });
    }
  }
  console.table(Object.fromEntries([...results].map(([name, pairs]) => [name, rowOf(pairs)])));
  const limits = { ratio, memory: MEMORY_LIMIT };
  const missed = [...results].flatMap(([name, pairs]) => (LIMITED.has(name) ? [...misses(name, pairs, limits)] : []));
  for (const miss of missed) console.error(miss);
  if (missed.length > 0) process.exitCode = 1;
}

function run(name: string, place: string): Measured {
  const args = [process.argv[1]!, '--only', name, '--place', place];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${name} failed: ${stderr}`);
  return JSON.parse(stdout) as Measured;
}

await main();
