import type { LatencySummary } from '../lib/histogram.ts';
import type { InvariantResult } from '../lib/invariant.ts';
import { type DoorReport, printDoor } from './door-report.ts';
import { type Vital, growthBetween } from './vitals.ts';

/** What a run found, as it is written to the report file. Latencies in ms. */
export interface LoadReport {
  readonly rate: number;
  readonly duration: number;
  /** The votes were of a rehearsal. */
  readonly rehearsal: boolean;
  readonly sent: number;
  readonly acknowledged: number;
  readonly repeated: number;
  readonly achievedRate: number;
  readonly refusals: Readonly<Record<string, number>>;
  readonly failures: Readonly<Record<string, number>>;
  readonly watcherErrors: Readonly<Record<string, number>>;
  readonly latency: LatencySummary;
  readonly lateness: LatencySummary;
  readonly lag: LatencySummary;
  readonly reportedLag: LatencySummary;
  readonly results: LatencySummary;
  readonly frameGaps: LatencySummary;
  /** Of new voters only. */
  readonly door: DoorReport | undefined;
  /** The same voters at a bare Fastify server, just before. */
  readonly baseline: DoorReport | undefined;
  readonly vitals: readonly Vital[];
  readonly memoryGrowth: number | undefined;
  readonly exitCode: number | undefined;
  readonly invariant: InvariantResult;
  /** Why the server was asked no more; undefined when it answered to the end. */
  readonly gone: string | undefined;
  readonly unexpected: readonly string[];
}

const GROWTH_FROM_SECOND = 120;
const GROWTH_TO_SECOND = 300;
const LINES_OF_VITALS = 12;
const MEBIBYTE = 2 ** 20;

export const memoryGrowth = (vitals: readonly Vital[]): number | undefined =>
  growthBetween(vitals, GROWTH_FROM_SECOND, GROWTH_TO_SECOND);

/** The report for people. */
export function printReport(report: LoadReport): void {
  const { sent, acknowledged, repeated, achievedRate, invariant } = report;
  if (report.rehearsal) console.log('\nREHEARSAL: these votes count for nothing');
  console.log(
    `\nsent ${String(sent)}, acknowledged ${String(acknowledged)} (${String(repeated)} of them at a second try)`,
  );
  console.log(`rate ${achievedRate.toFixed(1)} votes/s acknowledged, ${String(report.rate)} asked for`);
  console.log(`refused by code: ${counts(report.refusals)}; given up: ${counts(report.failures)}`);
  console.log(`watchers' errors: ${counts(report.watcherErrors)}\n`);
  console.table({
    'vote, from the tap': row(report.latency),
    'late by the generator': row(report.lateness),
    'vote → in the result': row(report.lag),
    'atraso_projecao of /total': row(report.reportedLag),
    '/resultado': row(report.results),
    'live frame, from the last': row(report.frameGaps),
  });
  if (report.door !== undefined) printDoor(report.door, report.baseline);
  printVitals(report);
  if (report.exitCode !== undefined) console.log(`server stopped with exit code ${String(report.exitCode)}`);
  printInvariant(invariant);
  for (const problem of report.unexpected) console.log(`not expected: ${problem}`);
}

function printVitals({ vitals, memoryGrowth: growth }: LoadReport): void {
  if (vitals.length === 0) return;
  const step = Math.ceil(vitals.length / LINES_OF_VITALS);
  const shown = vitals.filter((_, index) => (vitals.length - 1 - index) % step === 0);
  console.table(
    shown.map((vital) => ({
      'at s': Math.round(vital.at),
      'RSS MiB': Math.round(vital.residentBytes / MEBIBYTE),
      'server busy %': Math.round(vital.busy * 100),
      'generator busy %': Math.round(vital.generatorBusy * 100),
      'event loop p99 ms': round(vital.eventLoopP99),
      'event loop max ms': round(vital.eventLoopMax),
    })),
  );
  if (growth !== undefined) console.log(`memory growth from minute 2 to 5: ${(growth * 100).toFixed(1)} %`);
}

function printInvariant({
  holds,
  acknowledged,
  distinct,
  recount,
  differences,
  differenceCount,
}: InvariantResult): void {
  const { votes, duplicates, late, expired, quarantined } = recount;
  console.log(
    `\nlog: ${String(distinct)} distinct votes, ${votes.join(' + ')} counted, ${String(late)} late, ${String(expired)} expired, ` +
      `${String(quarantined)} quarantined; ${String(duplicates)} duplicates`,
  );
  console.log(
    `invariant of ${String(acknowledged)} acknowledged votes: ${holds ? 'PASS' : `FAIL (${String(differenceCount)} differences)`}`,
  );
  for (const difference of differences) console.log(`  ${difference}`);
}

const round = (milliseconds: number): number => Math.round(milliseconds * 100) / 100;

function row({ count, p50, p90, p99, p999, max }: LatencySummary): Record<string, number> {
  return {
    count,
    'p50 ms': round(p50),
    'p90 ms': round(p90),
    'p99 ms': round(p99),
    'p99.9 ms': round(p999),
    'max ms': round(max),
  };
}

function counts(byCode: Readonly<Record<string, number>>): string {
  const entries = Object.entries(byCode).map(([code, count]) => `${code} ${String(count)}`);
  return entries.length === 0 ? 'none' : entries.join(', ');
}
