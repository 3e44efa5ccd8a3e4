import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { InjectMetric, makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import { PinoLogger } from 'nestjs-pino';
import type { Gauge } from 'prom-client';

import { OBJECTIVES } from '#contract';
import { collectFrom } from '#platform';

import { BallotBox } from './ballot-box.ts';

const INTERVAL_MS = 500;
const LIMIT_MS = OBJECTIVES.standstill.seconds * 1000;

/** Tells metrics and the log how long votes wait, and when none leaves: a log that hangs fails nothing by itself. */
@Injectable()
export class VoteWaits implements OnApplicationShutdown {
  /** When the standstill began that the log was told of, on the clock of `performance.now()`, ms. */
  private stoodSince: number | undefined;
  private readonly timer = setInterval(() => this.look(), INTERVAL_MS).unref();

  constructor(
    private readonly box: BallotBox,
    @InjectMetric('vote_queue_oldest_seconds') oldest: Gauge,
    @InjectMetric('vote_queue_standstill_seconds') standstill: Gauge,
    private readonly logger: PinoLogger,
  ) {
    logger.setContext('ballot-box');
    collectFrom(oldest, () => [[{}, box.waits.oldestMs / 1000]]);
    collectFrom(standstill, () => [[{}, box.waits.standstillMs / 1000]]);
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    const { oldestMs, standstillMs } = this.box.waits;
    const stands = standstillMs >= LIMIT_MS;
    if (stands === (this.stoodSince !== undefined)) return;
    if (this.stoodSince !== undefined) {
      const seconds = secondsOf(performance.now() - this.stoodSince);
      this.logger.info({ seconds, queue: this.box.depth }, 'the standstill of the votes is over');
      this.stoodSince = undefined;
      return;
    }
    this.stoodSince = performance.now() - standstillMs;
    const fields = { code: 'log-unavailable', queue: this.box.depth, oldest_seconds: secondsOf(oldestMs) };
    this.logger.error(fields, 'votes come in and none is stored');
  }
}

const secondsOf = (ms: number): number => Math.round(ms / 100) / 10;

export const voteWaitsMetrics = [
  makeGaugeProvider({ name: 'vote_queue_oldest_seconds', help: 'Age of the oldest vote that waits for the event log' }),
  makeGaugeProvider({
    name: 'vote_queue_standstill_seconds',
    help: 'For so long votes have come in and none was stored; 0 while the event log stores them, or nobody votes',
  }),
];
