import { setTimeout as delay } from 'node:timers/promises';

import { type ChaosOptions, readChaosOptions } from './chaos/options.ts';
import { type Failure, failuresFor } from './chaos/failures.ts';
import { Target } from './chaos/target.ts';
import { firstCredentials } from './lib/api.ts';
import { caughtUp, checkInvariant } from './lib/invariant.ts';
import { endOnSignals } from './lib/server.ts';
import type { Electorate } from './load/electorate.ts';
import { KeptVoters } from './load/kept-voters.ts';

const ADDRESSES = 1000;
/** People vote on for so long after a failure, s. */
const AFTERWARDS = 3;

/** Makes a service fail on purpose, and shows that it recovers. Exit code 1: a failure was not seen, or stayed. */
async function main(): Promise<void> {
  const options = readChaosOptions();
  endOnSignals();
  const target = await Target.open(options);
  let isGood = false;
  try {
    introduce(target, options);
    isGood = await run(target, options);
  } finally {
    await target.close(!isGood);
  }
  console.log(isGood ? '\nPASS: every failure was seen, and the service recovered' : '\nFAIL');
  if (!isGood) process.exitCode = 1;
}

function introduce({ url, dataDir, isOwn, metrics }: Target, { rate }: ChaosOptions): void {
  console.log(
    `${String(rate)} votes a second on ${url.origin}, ${isOwn ? 'a service for this run only' : 'real votes'}.`,
  );
  const login = isOwn ? `   (user sre, password ${firstCredentials(dataDir, 'sre').password})` : '';
  console.log(`  watch    ${url.origin}/sre.html${login}`);
  if (metrics) console.log(`  metrics  ${metrics.href}\n  log      ${dataDir}/paredao.log`);
}

async function run(target: Target, options: ChaosOptions): Promise<boolean> {
  const acknowledged = new Map<string, number>();
  const failures = failuresFor(target);
  let isGood = true;
  for (const [index, failure] of failures.entries()) {
    console.log(`\n${String(index + 1)}/${String(failures.length)} ${failure.title}`);
    for (const line of failure.shows) console.log(`  see: ${line}`);
    if (!(await provoke(failure, target, options, acknowledged))) isGood = false;
  }
  return (await isExact(target, acknowledged)) && isGood;
}

/** @returns whether the failure was seen; resolves when the service has recovered */
async function provoke(
  failure: Failure,
  target: Target,
  { rate, seconds, pause }: ChaosOptions,
  acknowledged: Map<string, number>,
): Promise<boolean> {
  const votes = new KeptVoters(target.pool, { rate, duration: pause + seconds + AFTERWARDS, addresses: ADDRESSES });
  const voting = votes.run();
  await delay(pause * 1000);
  console.log(`  ${time()} it begins`);
  await failure.happen(target, seconds);
  console.log(`  ${time()} it is over`);
  await voting;
  const recovery = await target.recovered();
  for (const [id, participant] of votes.acknowledged) acknowledged.set(id, participant);
  const wasSeen = await failure.wasSeen(votes, target);
  const refused = [...votes.refusals].map(([code, count]) => `${code} ${String(count)}`).join(', ') || 'none';
  console.log(`  ${time()} recovered ${recovery.toFixed(1)} s after the last answer; ${wasSeen ? 'seen' : 'NOT SEEN'}`);
  console.log(
    `  votes: ${String(votes.sent)} cast, ${String(votes.acknowledged.size)} stored; refused on the way: ${refused}`,
  );
  console.log(`  waiting time: p50 ${wait(votes, 'p50')}, p99 ${wait(votes, 'p99')}`);
  return wasSeen;
}

/** Whatever went wrong: every vote that was acknowledged is in the log and counts once. */
async function isExact({ api, dataDir }: Target, acknowledged: ReadonlyMap<string, number>): Promise<boolean> {
  const pollId = await api.currentPoll();
  const total = await caughtUp(api, dataDir, pollId);
  const { holds, differences } = await checkInvariant({ pollId, acknowledged, stores: dataDir, total });
  console.log(`\nEvery one of the ${String(acknowledged.size)} acknowledged votes counts once: ${String(holds)}`);
  for (const difference of differences) console.log(`  ${difference}`);
  return holds;
}

const time = (): string => new Date().toISOString().slice(11, 19);

const wait = ({ latency }: Electorate, quantile: 'p50' | 'p99'): string =>
  `${String(Math.round(latency.summary()[quantile]))} ms`;

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
