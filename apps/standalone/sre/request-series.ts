import { register } from 'prom-client';

import { LATENCY_BUCKETS } from '#platform';

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
  readonly metricName?: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

/** A live stream is one request that lasts for hours: it says nothing about latency. */
const STREAM = '/aovivo';
const FAILED = 500;
const REFUSED = 400;

/** Reads the metrics of the requests from the registry that Prometheus scrapes. */
export async function readRequests(): Promise<Reading> {
  const sums: Sums = { routes: new Map(), refused: 0, failed: 0, votes: { failed: 0, answered: noRequests() } };
  for (const { metricName, labels, value } of await seriesOf('http_request_duration_seconds')) {
    if (value === 0 || String(labels['route']).endsWith(STREAM)) continue;
    if (metricName?.endsWith('_bucket')) addBucket(sums, labels, value);
    else if (metricName?.endsWith('_count')) addCount(sums, labels, value);
  }
  const problems = (await seriesOf('http_problems_total')).map(
    (one) => [String(one.labels['code']), one.value] as const,
  );
  return { at: Date.now(), monotonic: performance.now(), ...sums, problems: new Map(problems) };
}

interface Sums {
  readonly routes: Map<string, number[]>;
  readonly votes: { failed: number; readonly answered: number[] };
  refused: number;
  failed: number;
}

function addBucket({ routes, votes }: Sums, labels: Series['labels'], value: number): void {
  const name = nameOf(labels);
  const index = labels['le'] === '+Inf' ? LATENCY_BUCKETS.length : LATENCY_BUCKETS.indexOf(Number(labels['le']));
  let counts = routes.get(name);
  if (counts === undefined) routes.set(name, (counts = noRequests()));
  counts[index] = (counts[index] ?? 0) + value;
  if (name === VOTE && Number(labels['status']) < FAILED) votes.answered[index]! += value;
}

function addCount(sums: Sums, labels: Series['labels'], value: number): void {
  const status = Number(labels['status']);
  if (status >= FAILED) sums.failed += value;
  else if (status >= REFUSED) sums.refused += value;
  if (status >= FAILED && nameOf(labels) === VOTE) sums.votes.failed += value;
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

const nameOf = ({ method, route }: Series['labels']): string => `${String(method)} ${String(route)}`;

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
