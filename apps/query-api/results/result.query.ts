import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';

import { isComplete, sharesOf, totalOf } from '#domain';
import { CursorCodec, cedulaOf, countedState, participantView } from '#platform';
import type { PollTally } from '#read-model';

import { Tallies } from '../tallies.ts';
import type { ResultView } from './result.view.ts';

/** How long a voter waits at most for a result that includes the vote, ms. */
const WAIT_MS = 2000;

/** The public result of a poll, maybe one that includes everything up to a cursor. */
export class GetResult extends Query<ResultView> {
  constructor(
    readonly pollId?: string,
    readonly since?: string,
  ) {
    super();
  }
}

@QueryHandler(GetResult)
export class GetResultHandler implements IQueryHandler<GetResult> {
  constructor(
    private readonly tallies: Tallies,
    private readonly cursors: CursorCodec,
  ) {}

  /** @throws InvalidCursorError, DomainError `poll-not-found` */
  async execute({ pollId, since }: GetResult): Promise<ResultView> {
    if (since === undefined) return resultView(this.tallies.get(pollId));
    const included = await this.tallies.includes(this.cursors.decode(since), WAIT_MS);
    return { ...resultView(this.tallies.get(pollId)), incluiSeuVoto: included };
  }
}

/** Shares only: nobody outside reads counts before the production does. */
export function resultView({ snapshot }: PollTally): ResultView {
  const shares = sharesOf(snapshot.votes);
  return {
    paredao: snapshot.pollId,
    cedula: cedulaOf(snapshot.poll),
    titulo: snapshot.poll.title,
    estado: countedState(snapshot),
    semVotos: totalOf(snapshot) === 0,
    lider: leaderOf(snapshot.votes),
    participantes: snapshot.poll.participants.map((participant, index) => ({
      ...participantView(participant),
      percentual: shares[index] ?? 0,
    })),
    final: snapshot.cut !== null,
    completo: isComplete(snapshot),
    atualizadoEm: new Date().toISOString(),
  };
}

/** Number of the participant with more votes than any other, or null. */
function leaderOf(votes: readonly number[]): number | null {
  const most = Math.max(...votes);
  const first = votes.indexOf(most);
  return votes.includes(most, first + 1) ? null : first + 1;
}
