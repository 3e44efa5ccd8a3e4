import { Injectable } from '@nestjs/common';
import { InjectMetric, makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import type { Gauge } from 'prom-client';

import { type CurveComparison, PRICE_CLASSES, latestComparisons } from '#domain';
import { collectFrom } from '#platform';

import { ProjectorMetrics, type Series } from './projector-metrics.ts';

const LEAST_EXPECTED = 10;

/** What the curve of the votes tells at each scrape, while votes are taken: ratios only, counts are for the production. */
@Injectable()
export class CurveMetrics {
  constructor(
    private readonly projector: ProjectorMetrics,
    @InjectMetric('curve_rate_ratio') rates: Gauge,
    @InjectMetric('curve_price_share') prices: Gauge,
    @InjectMetric('curve_observed') observed: Gauge,
  ) {
    // a ratio to next to nothing would be the count itself
    collectFrom(rates, () =>
      this.series(({ votes, expected }) => (expected < LEAST_EXPECTED ? [] : [[{}, sumOf(votes) / expected]])),
    );
    collectFrom(prices, () => this.series(({ votes }) => sharesOf(votes)));
    collectFrom(observed, () => this.series((minute) => [[{}, minute.isOtherLevel || minute.isOtherMix ? 1 : 0]]));
  }

  /** Those of each participant. */
  private series(seriesOf: (minute: CurveComparison) => Series): Series {
    const { latest } = this.projector;
    if (latest?.curve === undefined || latest.cut !== null) return [];
    return latestComparisons(latest.curve).flatMap((minute) => {
      const names = { poll: latest.pollId, participant: String(minute.participant) };
      return [...seriesOf(minute)].map(([labels, value]) => [{ ...names, ...labels }, value] as const);
    });
  }
}

const sumOf = (votes: readonly number[]): number => votes.reduce((sum, count) => sum + count, 0);

const sharesOf = (votes: readonly number[]): Series =>
  PRICE_CLASSES.map((price, index) => [{ price }, votes[index]! / Math.max(sumOf(votes), 1)]);

export const curveMetrics = [
  makeGaugeProvider({
    name: 'curve_rate_ratio',
    help: 'Votes of the last whole minute, divided by those that the minutes before let expect',
    labelNames: ['poll', 'participant'],
  }),
  makeGaugeProvider({
    name: 'curve_price_share',
    help: 'Share of the votes of the last whole minute that were paid for at this price',
    labelNames: ['poll', 'participant', 'price'],
  }),
  makeGaugeProvider({
    name: 'curve_observed',
    help: '1 when votes of the last whole minute came unlike those before',
    labelNames: ['poll', 'participant'],
  }),
];
