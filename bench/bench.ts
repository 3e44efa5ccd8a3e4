import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';

import { readArguments } from '#platform/arguments';

import { projectRoot } from '../libs/platform/project-root.ts';

import { HttpPool } from './lib/http-pool.ts';
import { numberOption } from './lib/options.ts';
import { Server, endOnSignals, freePort, startStandalone, temporaryDataDir } from './lib/server.ts';
import { Voter, addressOf, voteRequest } from './lib/voter.ts';
import { humanCheckIsCheap } from './paired/human-check-cost.ts';
import { type Measurement, measure } from './paired/measurement.ts';
import { type Paced, measurePaced, printPaced } from './paired/paced.ts';
import { compare, printTable } from './paired/report.ts';

const SERVER_CORE = 0;
const GENERATOR_CORE = 1;
/** Enough for the optimising compiler: the vote route gets cheaper over its first 50,000 votes. */
const WARM_UP_SECONDS = 6;
/** Votes prepared for a round, as a multiple of what the last round used. */
const HEADROOM = 1.3;
const FIRST_GUESS_PER_SECOND = 12_000;
const SOLVERS = 32;
/** Rates at which a vote is measured by itself, votes a second, and for how long, s. */
const PACES = [200, 500, 1000];
const PACED_SECONDS = 8;

const PROGRAM = {
  usage: 'npm run bench -- [options]',
  about: `Compares the vote route with no-ops, in turns, on a core of its own, and what a human check costs.
Exit code 1: too dear, or a request failed. It needs two cores and taskset (util-linux).`,
  options: {
    rounds: { type: 'string', value: 'N', default: '5', help: 'measurements of each subject' },
    seconds: { type: 'string', value: 'N', default: '5', help: 'how long one takes' },
    checkout: { type: 'string', value: 'PATH', help: 'another built checkout of the project, to measure the votes of' },
    connections: { type: 'string', value: 'N', default: '64', help: 'that send requests at a time' },
    report: { type: 'string', value: 'FILE', help: 'also writes the report as JSON' },
  },
} as const;

interface Subject {
  readonly name: string;
  readonly server: Server;
  readonly rounds: Measurement[];
  /** The next request of a round that was given these votes. */
  readonly supply: (votes: readonly Buffer[]) => () => Buffer | undefined;
}

const again = (votes: readonly Buffer[]): (() => Buffer | undefined) => {
  let sent = 0;
  return () => votes[sent++ % votes.length];
};

const once = (votes: readonly Buffer[]): (() => Buffer | undefined) => {
  let sent = 0;
  return () => votes[sent++];
};

/** Compares the vote route with no-ops, in turns, on a core of its own. Exit code 1: too dear, or a request failed. */
async function main(): Promise<void> {
  const options = readOptions();
  pinToCores();
  endOnSignals();
  console.log(
    `load average before: ${loadavg()
      .map((load) => load.toFixed(2))
      .join(' ')}`,
  );
  const dataDir = temporaryDataDir();
  const subjects = await startSubjects(dataDir, options.checkout);
  try {
    await runRounds(subjects, options);
    printTable(subjects);
    const paced = await runPaced(subjects.at(-1)!.server);
    printPaced(paced);
    if (!humanCheckIsCheap()) process.exitCode = 1;
    const verdict = compare(subjects);
    if (options.report !== undefined)
      writeFileSync(options.report, JSON.stringify({ ...reportOf(subjects, verdict), paced }, undefined, 2));
    if (!verdict.passed || paced.some(({ failed }) => failed > 0)) process.exitCode = 1;
  } finally {
    for (const { server } of subjects) await server.stop();
    rmSync(dataDir, { recursive: true });
  }
}

interface Options {
  readonly rounds: number;
  readonly seconds: number;
  readonly connections: number;
  readonly checkout: string | undefined;
  readonly report: string | undefined;
}

const readOptions = (): Options =>
  readArguments(PROGRAM, ({ values }) => ({
    rounds: numberOption('rounds', values.rounds, 1),
    seconds: numberOption('seconds', values.seconds, 1),
    connections: numberOption('connections', values.connections, 1),
    checkout: values.checkout,
    report: values.report,
  }));

/** The generator keeps off the server's core. */
function pinToCores(): void {
  if (availableParallelism() < 2) throw new Error('two cores are needed: one for the server, one for the generator');
  const { error, status } = spawnSync('taskset', ['-acp', String(GENERATOR_CORE), String(process.pid)]);
  if (error !== undefined || status !== 0) throw new Error('taskset (util-linux) is needed to give each side a core');
}

async function startSubjects(dataDir: string, checkout = projectRoot()): Promise<Subject[]> {
  const environment = { TRUSTED_PROXIES: '127.0.0.1' };
  const startNoop = async (program: string): Promise<Server> =>
    Server.start({ program, environment, port: await freePort(), readyPath: '/', core: SERVER_CORE });
  const standalone = await startStandalone({ dataDir, checkout, core: SERVER_CORE });
  return [
    {
      name: 'bare Fastify no-op',
      server: await startNoop('dist/bench/servers/fastify-noop.js'),
      rounds: [],
      supply: again,
    },
    { name: 'Nest no-op', server: await startNoop('dist/bench/servers/nest-noop.js'), rounds: [], supply: again },
    { name: 'vote, durable', server: standalone.server, rounds: [], supply: once },
  ];
}

async function runRounds(subjects: readonly Subject[], { rounds, seconds, connections }: Options): Promise<void> {
  const voting = subjects.at(-1)!;
  let perSecond = FIRST_GUESS_PER_SECOND;
  for (let round = 0; round <= rounds; round++) {
    const roundSeconds = round === 0 ? WARM_UP_SECONDS : seconds;
    const votes = await prepareVotes(voting.server.url, Math.ceil(perSecond * roundSeconds * HEADROOM));
    for (const { server, rounds: measured, supply } of subjects) {
      const loop = { url: server.url, next: supply(votes), connections, milliseconds: roundSeconds * 1000 };
      measured.push(await measure(server.pid, loop));
    }
    perSecond = voting.rounds.at(-1)?.requestsPerSecond ?? perSecond;
    console.log(round === 0 ? 'warmed up' : `round ${String(round)}: ${oneLine(subjects)}`);
  }
  for (const { rounds: measured } of subjects) measured.shift();
}

/** One rate after the other: most votes of a poll come at such a pace, not at the service's limit. */
async function runPaced(server: Server): Promise<Paced[]> {
  const measured: Paced[] = [];
  for (const rate of PACES) {
    const votes = await prepareVotes(server.url, rate * PACED_SECONDS);
    measured.push(await measurePaced(server, votes, rate));
  }
  return measured;
}

/** Votes as they go over the wire, each with its own solved challenge, from as many addresses as the limits need. */
async function prepareVotes(url: URL, count: number): Promise<Buffer[]> {
  const pool = new HttpPool(url, SOLVERS);
  const voter = new Voter(pool);
  const votes: Buffer[] = [];
  let started = 0;
  const solveSome = async (): Promise<void> => {
    while (started < count) {
      const number = started++;
      const challenge = await voter.challenge(addressOf(number));
      votes.push(Buffer.from(voteRequest(challenge, 1 + (number % 2), addressOf(number)), 'latin1'));
    }
  };
  await Promise.all(Array.from({ length: SOLVERS }, solveSome));
  pool.close();
  return votes;
}

const oneLine = (subjects: readonly Subject[]): string =>
  subjects
    .map(({ name, rounds }) => [name, rounds.at(-1)!] as const)
    .map(
      ([name, last]) =>
        `${name} ${last.cpuMicrosecondsPerRequest.toFixed(1)} µs, ${last.requestsPerSecond.toFixed(0)}/s`,
    )
    .join(' · ');

const reportOf = (subjects: readonly Subject[], verdict: object): object => ({
  ...verdict,
  subjects: subjects.map(({ name, rounds }) => ({ name, rounds })),
});

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
