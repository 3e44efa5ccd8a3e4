import { register } from 'prom-client';

import { LATENCY_BUCKETS, type Outcome } from '#platform';

export const VOTE = 'POST /votar/:participante';

/** What the registry said at one moment; everything is counted since the start. */
export interface Reading {
  /** ms since the epoch */
  readonly at: number;
  /** The same moment on the clock of `performance.now()`, ms. */
  readonly monotonic: number;
  /** `POST /votar/:participante` → requests up to each bound of the histogram, all statuses; the last has no bound. */
  readonly routes: ReadonlyMap<string, readonly number[]>;
  readonly refused: number;
  readonly failed: number;
  readonly votes: VoteCounts;
  /** Code of a problem → requests that were answered with it. */
  readonly problems: ReadonlyMap<string, number>;
}

interface VoteCounts {
  /** Answered with 500 and more. */
  readonly failed: number;
  /** The others, and those of them that took less than each bound. */
  readonly answered: readonly number[];
}

interface Series {
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

/** A live stream is one request that lasts for hours: it says nothing about latency. */
const STREAM = '/aovivo';
const FAILED = 500;
const REFUSED = 400;

/**
 * Adds up what the observer of the requests counts. The histogram that Prometheus scrapes has the same, and a series for every
 * status that may come: to read it each second takes the event loop for milliseconds.
 */
export function readRequests(outcomes: Iterable<Outcome>): Reading {
  const sums: Sums = { routes: new Map(), refused: 0, failed: 0, votes: { failed: 0, answered: noRequests() } };
  const problems = new Map<string, number>();
  for (const outcome of outcomes) {
    const { route, code, total: count } = outcome;
    if (code !== undefined) problems.set(code, (problems.get(code) ?? 0) + count);
    if (!route.endsWith(STREAM)) add(sums, outcome);
  }
  return { at: Date.now(), monotonic: performance.now(), ...sums, problems };
}

interface Sums {
  readonly routes: Map<string, number[]>;
  readonly votes: { failed: number; readonly answered: number[] };
  refused: number;
  failed: number;
}

function add(sums: Sums, { method, route, status, total: count, within }: Outcome): void {
  const { routes, votes } = sums;
  const name = `${method} ${route}`;
  let counts = routes.get(name);
  if (counts === undefined) routes.set(name, (counts = noRequests()));
  addCumulated(counts, within);
  if (status >= FAILED) sums.failed += count;
  else if (status >= REFUSED) sums.refused += count;
  if (name === VOTE && status >= FAILED) votes.failed += count;
  else if (name === VOTE) addCumulated(votes.answered, within);
}

function addCumulated(counts: number[], within: readonly number[]): void {
  let sum = 0;
  for (const [bucket, count] of within.entries()) {
    sum += count;
    counts[bucket]! += sum;
  }
}

/** The largest value of a gauge's series that have these labels; undefined where there is none. */
export async function readGauge(
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<number | undefined> {
  const values = (await seriesOf(name))
    .filter((series) => Object.entries(labels).every(([label, value]) => series.labels[label] === value))
    .map(({ value }) => value);
  return values.length === 0 ? undefined : Math.max(...values);
}

const noRequests = (): number[] => new Array<number>(LATENCY_BUCKETS.length + 1).fill(0);

async function seriesOf(name: string): Promise<readonly Series[]> {
  return ((await register.getSingleMetric(name)?.get())?.values ?? []) as Series[];
}

/** Requests between two readings of a route's buckets. */
export const between = (from: readonly number[] | undefined, to: readonly number[]): number[] =>
  to.map((count, index) => count - (from?.[index] ?? 0));

/** Requests in the buckets of a histogram. */
export const total = (counts: readonly number[]): number => counts.at(-1) ?? 0;

/**
 * A quantile of a histogram, interpolated within its bucket as Prometheus does; the last bound stands for what is beyond.
 * @param counts requests up to each bound; the last has no bound
 * @returns s; undefined without requests
 */
export function quantile(share: number, counts: readonly number[]): number | undefined {
  const all = total(counts);
  if (all === 0) return undefined;
  const rank = share * all;
  const index = counts.findIndex((count) => count >= rank);
  const [low, high] = [LATENCY_BUCKETS[index - 1] ?? 0, LATENCY_BUCKETS[index] ?? LATENCY_BUCKETS.at(-1)!];
  const below = counts[index - 1] ?? 0;
  return low + ((high - low) * (rank - below)) / ((counts[index] ?? 0) - below);
}
