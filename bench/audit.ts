import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { DoubleProcess } from '../test/eventstoredb-double/double-process.ts';
import { fillEventStore, makeSqliteHistory } from './history/make.ts';
import { type Measured, measureSubject, subjectsAt } from './history/subjects.ts';
import { median } from './lib/histogram.ts';
import { numberOption } from './lib/options.ts';

const USAGE = `npm run bench:audit -- [options]
  --votes 1000000      votes in the log
  --data-dir PATH      where the log is, or is made and kept; without it a temporary one
  --seed 1             the same seed makes the same log
  --rounds 3           measurements of each subject
  --eventstore         on EventStoreDB's double instead of SQLite
  --make               only makes the log`;

const DOUBLE = 'dist/test/eventstoredb-double/main.js';

const { values } = parseArgs({
  options: {
    votes: { type: 'string', default: '1000000' },
    'data-dir': { type: 'string' },
    seed: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '3' },
    eventstore: { type: 'boolean', default: false },
    make: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
    // what this program calls itself with
    only: { type: 'string' },
    place: { type: 'string', default: '' },
  },
});

/** Compares audits with the least that anybody could do, in turns, each in a process of its own. */
async function main(): Promise<void> {
  if (values.help) return console.log(USAGE);
  if (values.only !== undefined) return console.log(JSON.stringify(await measureSubject(values.only, values.place)));
  await (values.eventstore ? onEventStore() : onSqlite());
}

async function onSqlite(): Promise<void> {
  const directory = values['data-dir'] ?? mkdtempSync(join(tmpdir(), 'paredao-audit-'));
  try {
    if (!existsSync(join(directory, 'events.db'))) {
      const { seconds, expected } = await makeSqliteHistory(directory, votes(), seed());
      console.log(`made ${votes().toLocaleString('en')} votes in ${seconds.toFixed(1)} s: ${JSON.stringify(expected)}`);
    }
    if (!values.make) compare(directory);
  } finally {
    if (values['data-dir'] === undefined) rmSync(directory, { recursive: true });
  }
}

async function onEventStore(): Promise<void> {
  const double = new DoubleProcess([process.execPath, DOUBLE]);
  await double.start();
  try {
    await fillEventStore(double.connectionString, votes(), seed());
    compare(double.connectionString);
  } finally {
    await double.kill();
  }
}

const votes = (): number => numberOption('votes', values.votes, 1);
const seed = (): number => numberOption('seed', values.seed, 0);

function compare(place: string): void {
  const results = new Map<string, Measured[]>(subjectsAt(place).map((name) => [name, []]));
  for (let round = numberOption('rounds', values.rounds, 1); round > 0; round--) {
    for (const [name, measured] of results) measured.push(run(name, place));
  }
  const bare = results.get('bare') ?? [];
  const row = (measured: readonly Measured[]): object => ({
    events: measured[0]?.events,
    seconds: median(measured.map(({ seconds }) => seconds)).toFixed(2),
    'events/s': Math.round(median(measured.map(rateOf))),
    'rate ÷ bare': median(measured.map((one, round) => rateOf(one) / rateOf(bare[round]!))).toFixed(2),
    'CPU µs/event': median(measured.map(({ events, cpuSeconds }) => (cpuSeconds * 1e6) / events)).toFixed(2),
    'most memory, MiB': Math.max(...measured.map(({ memory }) => memory)),
  });
  console.table(Object.fromEntries([...results].map(([name, measured]) => [name, row(measured)])));
}

const rateOf = ({ events, seconds }: Measured): number => events / seconds;

function run(name: string, place: string): Measured {
  const args = [process.argv[1]!, '--only', name, '--place', place];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${name} failed: ${stderr}`);
  return JSON.parse(stdout) as Measured;
}

await main();
