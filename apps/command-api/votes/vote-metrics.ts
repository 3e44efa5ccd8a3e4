import { Injectable } from '@nestjs/common';
import { InjectMetric, makeCounterProvider, makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import type { Counter, Gauge } from 'prom-client';

import { REFUSALS } from '#contract';
import { ABORTED, Environment, RequestObserver, collectFrom } from '#platform';

const VOTE = '/votar/:participante';
/** What the route is called where a vote is for a rehearsal. */
export const REHEARSED_VOTE = `${VOTE} (ensaio)`;
const ACCEPTED = 201;
/** What the statuses without a problem mean on the vote route. */
const RESULTS: Record<number, string> = { [ACCEPTED]: 'accepted', 200: 'repeated', [ABORTED]: 'aborted' };
type Counted = [labels: { result: string }, votes: number];

const KNOWN = [...Object.values(RESULTS), ...REFUSALS.vote, 'internal-error', 'shutting-down'];
const ZEROS = KNOWN.map((result): Counted => [{ result }, 0]);

/** Votes by result. Every request is counted by the observer already: here it is only told again under its own name. */
@Injectable()
export class VoteMetrics {
  constructor(
    private readonly observer: RequestObserver,
    @InjectMetric('votes_total') votes: Counter,
    @InjectMetric('rehearsal_votes_total') rehearsed: Counter,
    @InjectMetric('vote_queue_limit') queueLimit: Gauge,
    @InjectMetric('human_check_difficulty') difficulty: Gauge,
    { voteQueueLimit, humanCheckDifficulty }: Environment,
  ) {
    queueLimit.set(voteQueueLimit);
    difficulty.set(humanCheckDifficulty);
    collectFrom(votes, () => [...ZEROS, ...this.votes(VOTE)]);
    // no alert looks at it, so that it needs no first value
    collectFrom(rehearsed, () => this.votes(REHEARSED_VOTE));
  }

  private *votes(route: string): Iterable<Counted> {
    for (const outcome of this.observer.outcomes()) {
      if (outcome.method === 'POST' && outcome.route === route)
        yield [{ result: outcome.code ?? RESULTS[outcome.status] ?? 'other' }, outcome.total];
    }
  }
}

export const voteMetrics = [
  makeCounterProvider({
    name: 'votes_total',
    help: 'Requests to vote by result: accepted, repeated, aborted, or the code of the problem',
    labelNames: ['result'],
  }),
  makeCounterProvider({
    name: 'rehearsal_votes_total',
    help: 'Requests to vote in a rehearsal, by result: votes that count for nothing',
    labelNames: ['result'],
  }),
  makeGaugeProvider({
    name: 'vote_queue_limit',
    help: 'Votes that may wait for the event log; beyond, voters get 503',
  }),
  makeGaugeProvider({ name: 'human_check_difficulty', help: 'Most hashes that a challenge takes at the base price' }),
];
