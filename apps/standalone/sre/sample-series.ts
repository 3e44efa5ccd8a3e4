import type { Sample } from '#contract';
import { isoTime } from '#domain';

import { type Reading, VOTE, between, quantile, total } from './request-series.ts';

/** Votes that wait, and results that are behind, at the moment of a reading. */
export interface Queue {
  readonly depth: number;
  readonly oldestMs: number;
  readonly standstillMs: number;
  readonly lagSeconds: number;
}

/** Readings come every second; after a longer pause the process stood still, ms. */
const INTERVAL_MS = 1000;
const STOOD_STILL_MS = 2000;

/**
 * Samples of one length, the last so many. Each is the difference of two readings of counters and histograms, so a long one
 * has the quantiles of all of its requests, and no mean of quantiles; of the queue it has the worst. Time in which the
 * process stood still is part of none.
 */
export class SampleSeries {
  private readonly kept: Sample[] = [];
  private begin: Reading | undefined;
  private last: Reading | undefined;
  private worst: Queue = EMPTY;
  private gapMs = 0;

  /**
   * @param periodSeconds length of a sample
   * @param capacity how many are kept
   */
  constructor(
    readonly periodSeconds: number,
    readonly capacity: number,
  ) {}

  get all(): readonly Sample[] {
    return this.kept;
  }

  add(reading: Reading, queue: Queue): void {
    const { last, begin } = this;
    this.last = reading;
    if (begin === undefined || last === undefined) {
      this.begin = reading;
      return;
    }
    const pause = reading.monotonic - last.monotonic;
    if (pause > STOOD_STILL_MS) this.gapMs += pause - INTERVAL_MS;
    this.worst = worse(this.worst, queue);
    if (this.partOf(reading) === this.partOf(begin) && this.periodSeconds > 1) return;
    this.keep(begin, reading);
  }

  private keep(begin: Reading, end: Reading): void {
    this.kept.push({
      periodo_segundos: round((end.monotonic - begin.monotonic - this.gapMs) / 1000),
      ...ratesBetween(begin, end),
      na_fila: this.worst.depth,
      mais_antigo_segundos: round(this.worst.oldestMs / 1000),
      parado_segundos: round(this.worst.standstillMs / 1000),
      atraso_segundos: round(this.worst.lagSeconds),
    });
    if (this.kept.length > this.capacity) this.kept.shift();
    this.begin = end;
    this.worst = EMPTY;
    this.gapMs = 0;
  }

  /** Which part of the wall clock a reading is in: the samples of all processes begin together. */
  private partOf({ at }: Reading): number {
    return Math.floor(at / (this.periodSeconds * 1000));
  }
}

const EMPTY: Queue = { depth: 0, oldestMs: 0, standstillMs: 0, lagSeconds: 0 };

const worse = (one: Queue, other: Queue): Queue => ({
  depth: Math.max(one.depth, other.depth),
  oldestMs: Math.max(one.oldestMs, other.oldestMs),
  standstillMs: Math.max(one.standstillMs, other.standstillMs),
  lagSeconds: Math.max(one.lagSeconds, other.lagSeconds),
});

function ratesBetween(
  from: Reading,
  to: Reading,
): Omit<Sample, 'periodo_segundos' | 'na_fila' | 'mais_antigo_segundos' | 'parado_segundos' | 'atraso_segundos'> {
  let requests = 0;
  for (const [route, counts] of to.routes) requests += total(between(from.routes.get(route), counts));
  const votes = between(from.routes.get(VOTE), to.routes.get(VOTE) ?? []);
  return {
    medido_em: isoTime(to.at),
    pedidos: perSecond(requests, from, to),
    votos: perSecond(total(votes), from, to),
    votos_com_falha: perSecond(to.votes.failed - from.votes.failed, from, to),
    recusas: perSecond(to.refused - from.refused, from, to),
    falhas: perSecond(to.failed - from.failed, from, to),
    ...latencyOf(votes),
  };
}

/** How many there were in a second. */
export const perSecond = (count: number, from: Reading, to: Reading): number =>
  round((count * 1000) / Math.max(to.monotonic - from.monotonic, 1));

type Latency = Pick<Sample, 'p50_segundos' | 'p95_segundos' | 'p99_segundos'>;

/** The usual quantiles of a histogram. */
export function latencyOf(counts: readonly number[]): Latency {
  const of = (share: number): number | null => {
    const seconds = quantile(share, counts);
    return seconds === undefined ? null : Math.round(seconds * 1e5) / 1e5;
  };
  return { p50_segundos: of(0.5), p95_segundos: of(0.95), p99_segundos: of(0.99) };
}

const round = (value: number): number => Math.round(value * 100) / 100;
