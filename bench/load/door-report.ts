import type { LatencySummary } from '../lib/histogram.ts';
import type { NewVoters } from './new-voters.ts';

/** What new voters met at the door. Latencies in ms. */
export interface DoorReport {
  readonly firstAnswer: LatencySummary;
  readonly pageShown: LatencySummary;
  readonly vote: LatencySummary;
  readonly voters: number;
  readonly connects: number;
  /** Why connections were lost before their answer → how often. */
  readonly losses: Readonly<Record<string, number>>;
  /** Answers 503, with and without a time to come back. */
  readonly busy: { readonly withRetryAfter: number; readonly without: number };
  /** CPU of the whole server process for a voter, ms; undefined where it cannot be seen. */
  readonly cpuPerVoter: number | undefined;
}

/** @param cpuSeconds that the server used meanwhile, if that is known */
export const doorReport = (voters: NewVoters, cpuSeconds?: number): DoorReport => ({
  firstAnswer: voters.firstAnswer.summary(),
  pageShown: voters.pageShown.summary(),
  vote: voters.latency.summary(),
  voters: voters.sent,
  connects: voters.connects,
  losses: Object.fromEntries(voters.losses),
  busy: voters.busy,
  cpuPerVoter: cpuSeconds === undefined ? undefined : (cpuSeconds * 1000) / voters.sent,
});

/** A line for each server; the first answer is what the door is judged by. */
export function printDoor(door: DoorReport, baseline?: DoorReport): void {
  console.table({
    ...(baseline && { 'bare Fastify': row(baseline) }),
    'this service': row(door),
  });
  for (const [reason, count] of Object.entries(door.losses))
    console.log(`connections lost, ${reason}: ${String(count)}`);
  const { withRetryAfter, without } = door.busy;
  if (withRetryAfter + without > 0)
    console.log(`answered 503: ${String(withRetryAfter)} with Retry-After, ${String(without)} without`);
  if (baseline === undefined) return;
  console.log(`first answer, p99 ÷ bare Fastify: ${(door.firstAnswer.p99 / baseline.firstAnswer.p99).toFixed(2)}`);
}

const row = ({ firstAnswer, vote, pageShown, voters, connects, cpuPerVoter }: DoorReport): Record<string, unknown> => ({
  voters,
  connects,
  'first answer p50 ms': round(firstAnswer.p50),
  'p99 ms': round(firstAnswer.p99),
  ...(pageShown.count > 0 && { 'page shown p50 ms': round(pageShown.p50), 'page p99 ms': round(pageShown.p99) }),
  'vote p50 ms': round(vote.p50),
  'vote p99 ms': round(vote.p99),
  'CPU ms/voter': cpuPerVoter === undefined ? undefined : round(cpuPerVoter),
});

const round = (milliseconds: number): number => Math.round(milliseconds * 100) / 100;
