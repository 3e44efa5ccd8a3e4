import { Injectable } from '@nestjs/common';

import { OBJECTIVES, type RouteUse, type Sample } from '#contract';
import { LATENCY_BUCKETS } from '#platform';

import { type Reading, between, total } from './request-series.ts';
import { type Queue, SampleSeries, latencyOf, perSecond } from './sample-series.ts';

/** The table of routes is of the last so many seconds, alerts look at so many. */
const ROUTES_SECONDS = 5;
const ALERTS_SECONDS = 60;
const MAX_ROUTES = 30;
const MINUTE_SECONDS = 60;

/** Votes of the last minute. */
export interface VotesOfAMinute {
  readonly votes: number;
  readonly failed: number;
  /** Answered without a fault, and not in time. */
  readonly slow: number;
}

/** The last six hours of requests, of which Prometheus scrapes the same counts: in ever longer samples, about 1,300 in all. */
@Injectable()
export class Executions {
  /** Of the last minute, a second apart. */
  private readonly readings: Reading[] = [];
  private readonly series = [new SampleSeries(1, 600), new SampleSeries(10, 360), new SampleSeries(60, 360)];

  /** Called once a second. */
  add(reading: Reading, queue: Queue): void {
    this.readings.push(reading);
    if (this.readings.length > ALERTS_SECONDS + 1) this.readings.shift();
    for (const series of this.series) series.add(reading, queue);
  }

  /** The newest samples of a second, the oldest first. */
  newest(count: number): Sample[] {
    return this.series[0]!.all.slice(-count);
  }

  /** Samples of the last minutes, as fine as they are kept for so long, the oldest first. */
  samples(minutes: number): Sample[] {
    const covers = ({ periodSeconds, capacity }: SampleSeries): boolean =>
      periodSeconds * capacity >= minutes * MINUTE_SECONDS;
    const series = this.series.find(covers) ?? this.series.at(-1)!;
    return series.all.slice((-minutes * MINUTE_SECONDS) / series.periodSeconds);
  }

  /** The routes that were used in the last seconds, the busiest first. */
  routes(): RouteUse[] {
    const [from, to] = this.last(ROUTES_SECONDS);
    if (from === undefined || to === undefined) return [];
    return [...to.routes]
      .map(([rota, counts]) => ({ rota, counts: between(from.routes.get(rota), counts) }))
      .filter(({ counts }) => total(counts) > 0)
      .map(({ rota, counts }) => ({ rota, por_segundo: perSecond(total(counts), from, to), ...latencyOf(counts) }))
      .sort((one, other) => other.por_segundo - one.por_segundo)
      .slice(0, MAX_ROUTES);
  }

  votesOfTheMinute(): VotesOfAMinute {
    const [from, to] = this.last(ALERTS_SECONDS);
    if (from === undefined || to === undefined) return { votes: 0, failed: 0, slow: 0 };
    const failed = to.votes.failed - from.votes.failed;
    const answered = between(from.votes.answered, to.votes.answered);
    const inTime = answered[LATENCY_BUCKETS.indexOf(OBJECTIVES.voteLatency.seconds)] ?? 0;
    return { votes: failed + total(answered), failed, slow: total(answered) - inTime };
  }

  private last(seconds: number): [from: Reading | undefined, to: Reading | undefined] {
    return this.readings.length < 2
      ? [undefined, undefined]
      : [this.readings.slice(-seconds - 1)[0], this.readings.at(-1)];
  }
}
