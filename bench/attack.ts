import { rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

import { Environment } from '#platform';
import { readArguments } from '#platform/arguments';

import { runBot } from './attack/bot.ts';
import { forge } from './attack/forgeries.ts';
import { guess } from './attack/guesses.ts';
import { Person, type Waits } from './attack/person.ts';
import { type AttackReport, missedAims, printReport } from './attack/report.ts';
import { Api, firstCredentials } from './lib/api.ts';
import { HttpPool } from './lib/http-pool.ts';
import { numberOption } from './lib/options.ts';
import { endOnSignals, startStandalone, temporaryDataDir } from './lib/server.ts';

const CONNECTIONS = 64;
const PERSON = '198.51.100.1';
const BOT = '203.0.113.9';
/** Of as many networks, as a botnet has them. */
const BOTS = Array.from({ length: 100 }, (_, index) => `203.0.${String(index)}.9`);
const GUESSER = '203.0.113.66';
const GUESSERS = Array.from({ length: 30 }, (_, index) => `192.0.${String(index)}.66`);
const STAFF = ['producao', 'auditor', 'admin', 'sre'];
/** Longer than it takes the projection to catch up with the last vote, ms. */
const SETTLING_MS = 1500;

const PROGRAM = {
  usage: 'npm run attack -- [options]',
  about:
    'Attacks a service of its own, at the default difficulty, and says what it got. Exit code 1: an aim was missed.',
  options: {
    duration: { type: 'string', value: 'N', default: '60', help: 'seconds of each attack' },
    'no-person': { type: 'boolean', default: false, help: 'without a person in a browser who votes meanwhile' },
    report: { type: 'string', value: 'FILE', help: 'also writes the report as JSON' },
  },
} as const;

/** Attacks a service of its own, at the default difficulty, and says what it got. Exit code 1: an aim was missed. */
async function main(): Promise<void> {
  const { seconds, withPerson, reportFile } = readArguments(PROGRAM, ({ values }) => ({
    seconds: numberOption('duration', values.duration, 1),
    withPerson: !values['no-person'],
    reportFile: values.report,
  }));
  endOnSignals();
  const dataDir = temporaryDataDir();
  const { humanCheckDifficulty: difficulty } = new Environment();
  const environment = { HUMAN_CHECK_DIFFICULTY: String(difficulty) };
  const { server } = await startStandalone({ dataDir, environment });
  try {
    const report = { seconds, difficulty, ...(await attack(server.url, dataDir, seconds, withPerson)) };
    printReport(report);
    if (reportFile !== undefined) writeFileSync(reportFile, JSON.stringify(report, undefined, 2));
    const missed = missedAims(report);
    console.log(missed.length === 0 ? 'every aim was met' : `missed: ${missed.join('; ')}`);
    if (missed.length > 0) process.exitCode = 1;
  } finally {
    await server.stop();
    rmSync(dataDir, { recursive: true });
  }
}

type Findings = Omit<AttackReport, 'seconds' | 'difficulty'>;

async function attack(url: URL, dataDir: string, seconds: number, withPerson: boolean): Promise<Findings> {
  const pool = new HttpPool(url, CONNECTIONS);
  const staff = STAFF.map((user) => firstCredentials(dataDir, user));
  const api = new Api(pool, staff[0]!);
  const pollId = await api.currentPoll();
  const voting = (): Promise<Waits | undefined> =>
    withPerson ? personVotes(url, seconds) : Promise.resolve(undefined);
  const alone = await step('a person alone', voting());
  const [bot, besideBot] = await step('one address', Promise.all([runBot(pool, [BOT], seconds), voting()]));
  const [bots, besideBots] = await step('a hundred addresses', Promise.all([runBot(pool, BOTS, seconds), voting()]));
  const settledTotal = async (): Promise<number> => {
    await delay(SETTLING_MS);
    return (await api.total(pollId)).total;
  };
  const before = await settledTotal();
  const forgeries = await step('challenges that are none', forge(pool, dataDir, pollId, seconds));
  // one true vote is cast, to be replayed
  const addedByForgeries = (await settledTotal()) - before - 1;
  pool.close();
  const guesses = await step('login guesses', guess(url, [GUESSER], staff, seconds));
  const crowd = await step('login guesses from thirty addresses', guess(url, GUESSERS, staff, seconds));
  return { alone, besideBot, besideBots, bot, bots, forgeries, addedByForgeries, guesses, crowd };
}

async function personVotes(url: URL, seconds: number): Promise<Waits> {
  const person = await Person.start(url, PERSON);
  try {
    return await person.vote(seconds);
  } finally {
    await person.close();
  }
}

function step<T>(name: string, work: Promise<T>): Promise<T> {
  console.log(`${name} …`);
  return work;
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
