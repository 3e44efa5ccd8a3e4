import { rmSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

import { Environment } from '#platform';
import { readArguments } from '#platform/arguments';

import { type BotResult, runBot } from './attack/bot.ts';
import { forge } from './attack/forgeries.ts';
import { guess } from './attack/guesses.ts';
import { type People, type Waits, peopleVote } from './attack/people.ts';
import { type AttackReport, type Trial, missedAims, printReport } from './attack/report.ts';
import { Api, firstCredentials } from './lib/api.ts';
import { HttpPool } from './lib/http-pool.ts';
import { numberOption } from './lib/options.ts';
import { endOnSignals, startStandalone, temporaryDataDir } from './lib/server.ts';

const CONNECTIONS = 64;
/** One who votes as fast as one looks and taps, and a family of three who see to it that they vote ten times a minute each. */
const PERSON = { phones: 1, everyMs: 0, pauseMs: 1200 };
/** Its pauses are longer than the page takes a second tap for a part of the first. */
const HOUSEHOLD = { phones: 3, everyMs: 6000, pauseMs: 700 };
/** Of as many networks, as a botnet has them. */
const BOTS = 100;
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
    duration: {
      type: 'string',
      value: 'N',
      default: '60',
      help: 'seconds of each attack; after 60 a household pays more',
    },
    'no-person': { type: 'boolean', default: false, help: 'without people in a browser who vote meanwhile' },
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
  const person = await trial({ pool, url, seconds, people: withPerson ? PERSON : undefined, number: 1 });
  const household = withPerson ? await trial({ pool, url, seconds, people: HOUSEHOLD, number: 2 }) : undefined;
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
  return { person, household, forgeries, addedByForgeries, guesses, crowd };
}

interface TrialOptions {
  readonly pool: HttpPool;
  readonly url: URL;
  readonly seconds: number;
  /** Undefined: nobody votes beside the bots. */
  readonly people: Omit<People, 'address'> | undefined;
  /** Nobody else voted from the addresses of this number. */
  readonly number: number;
}

/** People vote alone, then beside a bot with one address, then beside one with a hundred: each time from another address. */
async function trial({ pool, url, seconds, people, number }: TrialOptions): Promise<Trial> {
  let turn = 0;
  const vote = async (): Promise<Waits | undefined> =>
    people && peopleVote(url, { ...people, address: `198.51.${String(number)}.${String(++turn)}` }, seconds);
  const botsAt = Array.from({ length: BOTS }, (_, index) => `203.${String(number)}.${String(index)}.9`);
  const who = people === undefined ? 'nobody' : `${String(people.phones)} people`;
  const alone = await step(`${who} alone`, vote());
  const beside = (name: string, addresses: readonly string[]): Promise<[BotResult, Waits | undefined]> =>
    step(`${name}, and ${who}`, Promise.all([runBot(pool, addresses, seconds), vote()]));
  const [bot, besideBot] = await beside('one address', [`203.${String(number)}.255.9`]);
  const [bots, besideBots] = await beside('a hundred addresses', botsAt);
  return { bot, bots, alone, besideBot, besideBots };
}

function step<T>(name: string, work: Promise<T>): Promise<T> {
  console.log(`${name} …`);
  return work;
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
