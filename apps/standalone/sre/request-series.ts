import { register } from 'prom-client';

import { LATENCY_BUCKETS } from '#platform';

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
  /** Code of a problem → requests that were answered with it. */
  readonly problems: ReadonlyMap<string, number>;
}

interface Series {
  readonly metricName?: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

/** A live stream is one request that lasts for hours: it says nothing about latency. */
const STREAM = '/aovivo';

/** Reads the metrics of the requests from the registry that Prometheus scrapes. */
export async function readRequests(): Promise<Reading> {
  const routes = new Map<string, number[]>();
  const failures = { refused: 0, failed: 0 };
  for (const { metricName, labels, value } of await seriesOf('http_request_duration_seconds')) {
    if (value === 0 || String(labels['route']).endsWith(STREAM)) continue;
    if (metricName?.endsWith('_bucket')) addBucket(routes, labels, value);
    if (!metricName?.endsWith('_count')) continue;
    if (Number(labels['status']) >= 500) failures.failed += value;
    else if (Number(labels['status']) >= 400) failures.refused += value;
  }
  const problems = (await seriesOf('http_problems_total')).map(
    (one) => [String(one.labels['code']), one.value] as const,
  );
  return { at: Date.now(), monotonic: performance.now(), routes, ...failures, problems: new Map(problems) };
}

function addBucket(routes: Map<string, number[]>, { method, route, le }: Series['labels'], value: number): void {
  const name = `${String(method)} ${String(route)}`;
  let counts = routes.get(name);
  if (counts === undefined) routes.set(name, (counts = new Array<number>(LATENCY_BUCKETS.length + 1).fill(0)));
  const index = le === '+Inf' ? LATENCY_BUCKETS.length : LATENCY_BUCKETS.indexOf(Number(le));
  counts[index] = (counts[index] ?? 0) + value;
}

async function seriesOf(name: string): Promise<readonly Series[]> {
  return ((await register.getSingleMetric(name)?.get())?.values ?? []) as Series[];
}

/** Requests between two readings of a route's buckets. */
export const between = (from: readonly number[] | undefined, to: readonly number[]): number[] =>
  to.map((count, index) => count - (from?.[index] ?? 0));

/**
 * A quantile of a histogram, interpolated within its bucket as Prometheus does; the last bound stands for what is beyond.
 * @param counts requests up to each bound; the last has no bound
 * @returns s; undefined without requests
 */
export function quantile(share: number, counts: readonly number[]): number | undefined {
  const total = counts.at(-1) ?? 0;
  if (total === 0) return undefined;
  const rank = share * total;
  const index = counts.findIndex((count) => count >= rank);
  const [low, high] = [LATENCY_BUCKETS[index - 1] ?? 0, LATENCY_BUCKETS[index] ?? LATENCY_BUCKETS.at(-1)!];
  const below = counts[index - 1] ?? 0;
  return low + ((high - low) * (rank - below)) / ((counts[index] ?? 0) - below);
}
