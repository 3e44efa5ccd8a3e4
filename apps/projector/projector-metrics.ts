import { Injectable } from '@nestjs/common';
import { InjectMetric, makeCounterProvider, makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import type { Counter, Gauge } from 'prom-client';

import { OPENED_STATES } from '#contract';
import { stateName } from '#contract/views';
import { collectFrom } from '#platform';
import type { Projection, SkippedEvents, Totals } from '#projection';

/** Values of a metric by its labels. */
export type Series = Iterable<readonly [labels: Record<string, string>, value: number]>;

const NOTHING: Totals = { counted: 0, duplicate: 0, late: 0, expired: 0, quarantined: 0 };

/** What the projector tells at each scrape. */
@Injectable()
export class ProjectorMetrics {
  private projection: Projection | undefined;
  /** Since when the stored tallies are not known to hold everything; it stays while nothing can be read or stored. */
  private behindSince: number | undefined = performance.now();

  constructor(
    @InjectMetric('projection_position') position: Gauge,
    @InjectMetric('projection_lag_seconds') lag: Gauge,
    @InjectMetric('tally_events') events: Gauge,
    @InjectMetric('tally_votes') votes: Gauge,
    @InjectMetric('poll_state') state: Gauge,
    @InjectMetric('projection_skipped_events_total') private readonly skippedEvents: Counter,
  ) {
    for (const outcome of ['found', 'lost']) skippedEvents.inc({ outcome }, 0);
    collectFrom(position, () => [[{}, Number(this.projection?.position ?? 0)]]);
    collectFrom(lag, () => [[{}, this.lagSeconds()]]);
    collectFrom(events, () => this.events());
    collectFrom(votes, () => this.votes());
    collectFrom(state, () => this.states());
  }

  /** The tally of the poll that was opened last, once it is stored. */
  get latest(): ReturnType<Projection['latest']> {
    return this.projection?.latest();
  }

  /** Events that the log did not bring by itself: read again, or lost. */
  skipped({ from, to, found }: SkippedEvents): void {
    this.skippedEvents.inc({ outcome: 'found' }, found);
    this.skippedEvents.inc({ outcome: 'lost' }, Number(to - from) + 1 - found);
  }

  /** Something arrived, or broke: until it is stored, the tallies are behind. */
  isBehind(): void {
    this.behindSince ??= performance.now();
  }

  /** Everything that was folded is stored. */
  hasStored(projection: Projection): void {
    this.projection = projection;
    if (projection.isCaughtUp) this.behindSince = undefined;
  }

  private lagSeconds(): number {
    const waiting = this.behindSince === undefined ? 0 : (performance.now() - this.behindSince) / 1000;
    return Math.max(waiting, this.projection?.lagSeconds() ?? 0);
  }

  private events(): Series {
    const totals = this.projection?.totals() ?? NOTHING;
    return Object.entries(totals).map(([outcome, count]) => [{ outcome }, count]);
  }

  private votes(): Series {
    const { latest } = this;
    if (!latest) return [];
    return latest.poll.participants.map(({ number }, index) => [
      { poll: latest.pollId, participant: String(number) },
      latest.votes[index] ?? 0,
    ]);
  }

  private states(): Series {
    const { latest } = this;
    if (!latest) return [];
    return OPENED_STATES.map((state) => [{ poll: latest.pollId, state }, stateName(latest.poll) === state ? 1 : 0]);
  }
}

export const projectorMetrics = [
  makeGaugeProvider({ name: 'projection_position', help: 'Position of the log up to which the tallies are folded' }),
  makeGaugeProvider({
    name: 'projection_lag_seconds',
    help: 'Age of what is not folded and stored yet; 0 when caught up. It grows while the projection is broken',
  }),
  makeGaugeProvider({
    name: 'tally_events',
    help: 'Votes in the ballot boxes by what the fold made of them; of rehearsals only those that cannot be read',
    labelNames: ['outcome'],
  }),
  makeGaugeProvider({
    name: 'tally_votes',
    help: 'Counted votes of the real poll that was opened last',
    labelNames: ['poll', 'participant'],
  }),
  makeCounterProvider({
    name: 'projection_skipped_events_total',
    help: 'Events that the subscription to the log left out: found when they were read again, or lost',
    labelNames: ['outcome'],
  }),
  makeGaugeProvider({
    name: 'poll_state',
    help: '1 for the state of the real poll that was opened last, 0 for the others',
    labelNames: ['poll', 'state'],
  }),
];
