import { Injectable } from '@nestjs/common';

import type { Result, ResultQuery } from '#contract';
import {
  CursorCodec,
  cedulaOf,
  participantView,
  rehearsalView,
  runningView,
  standingView,
  stateName,
} from '#contract/views';
import { isComplete, sharesOf, totalOf } from '#domain';
import type { PollTally } from '#read-model';

import { Tallies } from '../tallies.ts';
import { PublicPolls } from './public-polls.ts';

/** How long a voter waits at most for a result that includes the vote, ms. */
const WAIT_MS = 2000;

/** The public results of the polls. */
@Injectable()
export class Results {
  constructor(
    private readonly tallies: Tallies,
    private readonly polls: PublicPolls,
    private readonly cursors: CursorCodec,
  ) {}

  /**
   * The result of a poll, or of the real one that was opened last; with `desde`, the cursor of a vote, it waits for a result that
   * includes that, and says whether it does.
   * @throws InvalidCursorError, DomainError `poll-not-found`
   */
  async get({ paredao: id, chave: key, desde: since }: ResultQuery): Promise<Result> {
    const now = this.polls.get(id, key);
    if (since === undefined) return resultView(now);
    const included = await this.tallies.includes(this.cursors.decode(since), WAIT_MS);
    return { ...resultView(this.polls.get(id, key)), inclui_seu_voto: included };
  }
}

/** Shares only: the public must not read counts before production does. */
export function resultView({ snapshot }: PollTally): Result {
  const shares = sharesOf(snapshot.votes);
  return {
    paredao: snapshot.pollId,
    ...rehearsalView(snapshot.poll),
    cedula: cedulaOf(snapshot.poll),
    titulo: snapshot.poll.title,
    finalidade: snapshot.poll.purpose ?? null,
    estado: stateName(snapshot.poll),
    aberto_em: snapshot.poll.openedAt,
    ...runningView(snapshot.poll),
    ...standingView(snapshot.poll),
    sem_votos: totalOf(snapshot) === 0,
    lider: leaderOf(snapshot.votes),
    participantes: snapshot.poll.participants.map((participant, index) => ({
      ...participantView(participant),
      percentual: shares[index] ?? 0,
    })),
    final: snapshot.cut !== null,
    completo: isComplete(snapshot),
  };
}

/** Number of the participant with more votes than any other, or null. */
function leaderOf(votes: readonly number[]): number | null {
  const most = Math.max(...votes);
  const first = votes.indexOf(most);
  return votes.includes(most, first + 1) ? null : first + 1;
}
