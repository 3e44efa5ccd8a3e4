import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';

import type { ProblemCount, RouteUse, Sample } from '#contract';
import { isoTime } from '#domain';

import { type Reading, between, quantile, readRequests } from './request-series.ts';

const INTERVAL_MS = 1000;
/** Rates and quantiles are over the last so many seconds. */
const WINDOW_SECONDS = 5;
/** Five minutes. */
const KEPT_SAMPLES = 300;
const VOTE = 'POST /votar/:participante';
const MAX_ROUTES = 30;

/** The last five minutes of requests, a sample a second, from the same metrics that Prometheus scrapes. */
@Injectable()
export class Executions implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly readings: Reading[] = [];
  private readonly kept: Sample[] = [];
  private timer: NodeJS.Timeout | undefined;

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.sample(), INTERVAL_MS);
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** Oldest first. */
  samples(count = KEPT_SAMPLES): Sample[] {
    return this.kept.slice(-count);
  }

  /** The routes that were used in the window, the busiest first. */
  routes(): RouteUse[] {
    const [from, to] = this.window();
    if (from === undefined || to === undefined) return [];
    return [...to.routes]
      .map(([rota, counts]) => ({ rota, counts: between(from.routes.get(rota), counts) }))
      .filter(({ counts }) => total(counts) > 0)
      .map(({ rota, counts }) => ({ rota, por_segundo: perSecond(total(counts), from, to), ...latencyOf(counts) }))
      .sort((one, other) => other.por_segundo - one.por_segundo)
      .slice(0, MAX_ROUTES);
  }

  /** The problems of the last five minutes, the most frequent first. */
  problems(): ProblemCount[] {
    const [first] = this.readings;
    const last = this.readings.at(-1);
    return [...(last?.problems ?? [])]
      .map(([codigo, count]) => ({ codigo, pedidos: count - (first?.problems.get(codigo) ?? 0) }))
      .filter(({ pedidos }) => pedidos > 0)
      .sort((one, other) => other.pedidos - one.pedidos);
  }

  private async sample(): Promise<void> {
    this.readings.push(await readRequests());
    if (this.readings.length > KEPT_SAMPLES) this.readings.shift();
    const [from, to] = this.window();
    if (from === undefined || to === undefined) return;
    this.kept.push(sampleOf(from, to));
    if (this.kept.length > KEPT_SAMPLES) this.kept.shift();
  }

  private window(): [from: Reading | undefined, to: Reading | undefined] {
    return this.readings.length < 2
      ? [undefined, undefined]
      : [this.readings.slice(-WINDOW_SECONDS - 1)[0], this.readings.at(-1)];
  }
}

function sampleOf(from: Reading, to: Reading): Sample {
  let requests = 0;
  for (const [route, counts] of to.routes) requests += total(between(from.routes.get(route), counts));
  const votes = between(from.routes.get(VOTE), to.routes.get(VOTE) ?? []);
  return {
    medido_em: isoTime(to.at),
    pedidos: perSecond(requests, from, to),
    votos: perSecond(total(votes), from, to),
    recusas: perSecond(to.refused - from.refused, from, to),
    falhas: perSecond(to.failed - from.failed, from, to),
    ...latencyOf(votes),
  };
}

const total = (counts: readonly number[]): number => counts.at(-1) ?? 0;

const perSecond = (count: number, from: Reading, to: Reading): number =>
  round((count * 1000) / Math.max(to.monotonic - from.monotonic, 1));

type Latency = Pick<Sample, 'p50_segundos' | 'p95_segundos' | 'p99_segundos'>;

function latencyOf(counts: readonly number[]): Latency {
  const of = (share: number): number | null => {
    const seconds = quantile(share, counts);
    return seconds === undefined ? null : Math.round(seconds * 1e5) / 1e5;
  };
  return { p50_segundos: of(0.5), p95_segundos: of(0.95), p99_segundos: of(0.99) };
}

const round = (value: number): number => Math.round(value * 100) / 100;
