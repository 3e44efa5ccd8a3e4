import { type IQueryHandler, Query, QueryHandler } from '@nestjs/cqrs';

import { type Poll, hourStart, isComplete, minuteStart, sharesOf, totalOf, votesInLastHour } from '#domain';
import { countedState, participantView, votesView } from '#platform';
import type { PollTally } from '#read-model';

import { Tallies } from '../tallies.ts';
import type { CountsView, ParticipantTotalView, TotalView } from './total.view.ts';

const MINUTES_SHOWN = 60;

/** The counts of a poll, for those who may see them. */
export class GetTotal extends Query<TotalView> {
  constructor(readonly pollId?: string) {
    super();
  }
}

@QueryHandler(GetTotal)
export class GetTotalHandler implements IQueryHandler<GetTotal> {
  constructor(private readonly tallies: Tallies) {}

  /** @throws DomainError `poll-not-found` */
  execute({ pollId }: GetTotal): Promise<TotalView> {
    return Promise.resolve(totalView(this.tallies.get(pollId), this.tallies));
  }
}

/**
 * The counts of a tally, with how fresh they are.
 * @param now ms since the epoch: the last 60 minutes are those before it
 */
export function totalView({ snapshot, digest }: PollTally, tallies: Tallies, now = Date.now()): TotalView {
  const { poll, votes } = snapshot;
  return {
    paredao: poll.id,
    titulo: poll.title,
    estado: countedState(snapshot),
    abertoEm: poll.openedAt,
    encerradoEm: poll.closedAt,
    ...votesView(votes),
    total: totalOf(snapshot),
    votos_ultima_hora: votesInLastHour(snapshot, now),
    votos_por_segundo: tallies.ratePerSecond(poll.id),
    por_participante: participantTotals(poll, votes),
    por_hora: rows(snapshot.hours).map(([hour, counts]) => ({ hora: hourStart(hour), ...counts })),
    por_minuto: rows(snapshot.minutes)
      .slice(-MINUTES_SHOWN)
      .map(([minute, counts]) => ({ minuto: minuteStart(minute), ...counts })),
    duplicados: snapshot.duplicates,
    atrasados: snapshot.late,
    expirados: snapshot.expired,
    quarentena: snapshot.quarantined,
    completo: isComplete(snapshot),
    final: snapshot.cut !== null,
    digest,
    revisao: snapshot.revision,
    atualizadoEm: new Date(now).toISOString(),
    idadeSegundos: tallies.ageSeconds(),
    atraso_projecao_segundos: tallies.lagSeconds(),
  };
}

/**
 * Votes and shares of each participant, in the order of their numbers.
 * @param votes by participant, from number 1 on; shares are percent with two decimals that add up to 100, or all 0
 */
export function participantTotals({ participants }: Poll, votes: readonly number[]): ParticipantTotalView[] {
  const shares = sharesOf(votes);
  return participants.map((participant, index) => ({
    ...participantView(participant),
    votos: votes[index] ?? 0,
    percentual: shares[index] ?? 0,
  }));
}

function rows(buckets: Record<string, number[]>): [key: string, counts: CountsView][] {
  return Object.entries(buckets)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, votes]) => [key, { total: votes.reduce((sum, count) => sum + count, 0), ...votesView(votes) }]);
}
