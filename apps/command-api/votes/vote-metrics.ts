import { Injectable } from '@nestjs/common';
import { InjectMetric, makeCounterProvider, makeGaugeProvider } from '@willsoto/nestjs-prometheus';
import type { Counter, Gauge } from 'prom-client';

import { REFUSALS } from '#contract';
import { ABORTED, Environment, type Outcome, RequestObserver, collectFrom } from '#platform';

const ACCEPTED = 201;
/** What the statuses without a problem mean on the vote route. */
const RESULTS: Record<number, string> = { [ACCEPTED]: 'accepted', 200: 'repeated', [ABORTED]: 'aborted' };
const KNOWN = [...Object.values(RESULTS), ...REFUSALS.vote, 'internal-error', 'shutting-down'];

/** Votes by result. Every request is counted by the observer already: here it is only told again under its own name. */
@Injectable()
export class VoteMetrics {
  constructor(
    private readonly observer: RequestObserver,
    @InjectMetric('votes_total') votes: Counter,
    @InjectMetric('vote_queue_limit') queueLimit: Gauge,
    @InjectMetric('human_check_difficulty') difficulty: Gauge,
    { voteQueueLimit, humanCheckDifficulty }: Environment,
  ) {
    queueLimit.set(voteQueueLimit);
    difficulty.set(humanCheckDifficulty);
    collectFrom(votes, () => this.votes());
  }

  private *votes(): Iterable<[{ result: string }, number]> {
    for (const result of KNOWN) yield [{ result }, 0];
    for (const outcome of this.observer.outcomes()) {
      if (isVote(outcome)) yield [{ result: outcome.code ?? RESULTS[outcome.status] ?? 'other' }, outcome.total];
    }
  }
}

const isVote = ({ method, route }: Outcome): boolean => method === 'POST' && route === '/votar/:participante';

export const voteMetrics = [
  makeCounterProvider({
    name: 'votes_total',
    help: 'Requests to vote by result: accepted, repeated, aborted, or the code of the problem',
    labelNames: ['result'],
  }),
  makeGaugeProvider({
    name: 'vote_queue_limit',
    help: 'Votes that may wait for the event log; beyond, voters get 503',
  }),
  makeGaugeProvider({ name: 'human_check_difficulty', help: 'Most hashes that a challenge takes at the base price' }),
];
