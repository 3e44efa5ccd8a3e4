import { rmSync, writeFileSync } from 'node:fs';

import { Api, type Credentials, firstCredentials } from './lib/api.ts';
import { ConnectionLostError } from './lib/http-connection.ts';
import { HttpPool } from './lib/http-pool.ts';
import { caughtUp, checkInvariant } from './lib/invariant.ts';
import { Presence, ServerGoneError } from './lib/presence.ts';
import { cpuSecondsOf } from './lib/proc.ts';
import { endOnSignals, temporaryDataDir } from './lib/server.ts';
import { doorReport } from './load/door-report.ts';
import type { Electorate } from './load/electorate.ts';
import { electorateOf } from './load/electorates.ts';
import { NewVoters } from './load/new-voters.ts';
import { type LoadOptions, readLoadOptions } from './load/options.ts';
import { type LoadReport, memoryGrowth, printReport } from './load/report.ts';
import { assertSolvable } from './load/solving.ts';
import { type Surroundings, openSurroundings } from './load/surroundings.ts';
import { Vitals } from './load/vitals.ts';
import { Watchers } from './load/watchers.ts';

const WATCHER_CONNECTIONS = 256;
const PROGRESS_INTERVAL_MS = 10_000;

/** Votes at a given rate and proves afterwards that each acknowledged vote counts once. Exit code 1: it does not. */
async function main(): Promise<void> {
  const options = readLoadOptions();
  endOnSignals();
  const dataDir = options.dataDir ?? (options.url ? 'data' : temporaryDataDir());
  const surroundings = await openSurroundings(options, dataDir);
  try {
    const report = await run(options, dataDir, surroundings);
    printReport(report);
    if (options.report !== undefined) writeFileSync(options.report, JSON.stringify(report, undefined, 2));
    if (report.unexpected.length > 0) process.exitCode = 1;
    // connections to nobody would keep this process for a while
    if (report.gone !== undefined) process.exit(1);
  } finally {
    await surroundings.standalone?.server.stop();
  }
  if (options.dataDir !== undefined || surroundings.standalone === undefined) return;
  if (process.exitCode === 1) console.log(`the data directory is kept: ${dataDir}`);
  else rmSync(dataDir, { recursive: true });
}

async function run(
  options: LoadOptions,
  dataDir: string,
  { url, standalone, baseline }: Surroundings,
): Promise<LoadReport> {
  const voters = new HttpPool(url, options.connections);
  const others = new HttpPool(url, WATCHER_CONNECTIONS);
  const api = new Api(others, credentialsOf(options, dataDir));
  const presence = new Presence(url, [voters, others]);
  if (options.rehearsal) api.link = await presence.whileThere(api.rehearsal());
  const pollId = await presence.whileThere(api.currentPoll());
  const participants = await presence.whileThere(api.participants());
  const watchers = new Watchers(api, url, pollId);
  await assertSolvable(others, options.rate, api.link);
  const electorate = await electorateOf({ ...options, participants, link: api.link }, url, voters, ({ position }) => {
    watchers.probe(position);
  });
  const vitals = standalone && new Vitals(standalone.server.pid, standalone.metrics);
  const progress = setInterval(() => console.log(progressOf(electorate)), PROGRESS_INTERVAL_MS);
  watchers.start();
  const cpuBefore = standalone && cpuSecondsOf(standalone.server.pid);
  await electorate.run(presence.gone);
  const cpu = standalone && cpuSecondsOf(standalone.server.pid) - cpuBefore!;
  vitals?.stop();
  clearInterval(progress);
  const stores = options.eventstoreUrl === undefined ? dataDir : { eventstoreUrl: options.eventstoreUrl };
  const settled = watchers.stop().then(() => caughtUp(api, stores, pollId));
  const total = await presence.whileThere(settled).catch(asGone);
  presence.stop();
  const exitCode = await standalone?.server.stop();
  const found = typeof total === 'string' ? { gone: total } : { total };
  const invariant = await checkInvariant({ pollId, acknowledged: electorate.acknowledged, stores, ...found });
  voters.close();
  others.close();
  const { gone } = found;
  const door = electorate instanceof NewVoters ? doorReport(electorate, cpu) : undefined;
  const seen = { exitCode, vitals: vitals?.samples ?? [], door, baseline };
  const result = { ...measured(options, electorate, watchers), ...seen, invariant, gone };
  return { ...result, memoryGrowth: memoryGrowth(result.vitals), unexpected: unexpected(result, options.expected) };
}

const progressOf = ({ sent, acknowledged, inFlight }: Electorate): string =>
  `sent ${String(sent)}, acknowledged ${String(acknowledged.size)}, in flight ${String(inFlight)}`;

/** In words, when that is why there is no answer. */
function asGone(error: unknown): string {
  if (error instanceof ServerGoneError || error instanceof ConnectionLostError) return error.message;
  throw error;
}

/** Production's password: as given, or as the server left it at its first start. */
function credentialsOf({ user = 'producao', password }: LoadOptions, dataDir: string): Credentials {
  return password === undefined ? firstCredentials(dataDir) : { user, password };
}

type Measured = Omit<
  LoadReport,
  'exitCode' | 'vitals' | 'door' | 'baseline' | 'invariant' | 'gone' | 'memoryGrowth' | 'unexpected'
>;

function measured({ rate, duration, rehearsal }: LoadOptions, electorate: Electorate, watchers: Watchers): Measured {
  return {
    rate,
    duration,
    rehearsal,
    sent: electorate.sent,
    acknowledged: electorate.acknowledged.size,
    repeated: electorate.repeated,
    achievedRate: electorate.acknowledged.size / electorate.elapsed,
    refusals: Object.fromEntries(electorate.refusals),
    failures: Object.fromEntries(electorate.failures),
    watcherErrors: Object.fromEntries(watchers.errors),
    latency: electorate.latency.summary(),
    lateness: electorate.lateness.summary(),
    lag: watchers.lag.summary(),
    reportedLag: watchers.reportedLag.summary(),
    results: watchers.results.summary(),
    frameGaps: watchers.frameGaps.summary(),
  };
}

/** What nobody told this run to expect. */
function unexpected(
  result: Measured & Pick<LoadReport, 'exitCode' | 'invariant' | 'gone'>,
  expected: ReadonlySet<string>,
): string[] {
  const problems = result.gone === undefined ? [] : [result.gone];
  for (const [code, count] of Object.entries(result.refusals)) {
    if (!expected.has(code)) problems.push(`${String(count)} requests were refused: ${code}`);
  }
  for (const [code, count] of Object.entries(result.failures)) {
    if (!expected.has(code)) problems.push(`${String(count)} votes were given up: ${code}`);
  }
  for (const [message, count] of Object.entries(result.watcherErrors)) problems.push(`${String(count)} × ${message}`);
  if (!result.invariant.holds) problems.push('the invariant does not hold');
  if ((result.exitCode ?? 0) !== 0) problems.push(`the server ended with exit code ${String(result.exitCode)}`);
  return problems;
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
