import type { ParticipantTotal, Total, VotesByNumber } from '#contract';
import {
  disclosureView,
  participantView,
  rehearsalView,
  runningView,
  signOffView,
  standingView,
  stateName,
  votesView,
} from '#contract/views';
import { type Poll, hourStart, isComplete, minuteStart, sharesOf, totalOf, votesInLastHour } from '#domain';
import type { PollTally } from '#read-model';

import type { Tallies } from '../tallies.ts';
import { curveView } from './curve-view.ts';
import { earlierMinutes, peakMinute } from './pace-view.ts';

const MINUTES_SHOWN = 60;

/**
 * The counts of a tally, with how fresh they are.
 * @param now ms since the epoch: the last 60 minutes are those before it
 */
export function totalView({ snapshot, digest }: PollTally, tallies: Tallies, now = Date.now()): Total {
  const { poll, votes } = snapshot;
  return {
    paredao: poll.id,
    ...rehearsalView(poll),
    titulo: poll.title,
    finalidade: poll.purpose ?? null,
    ...disclosureView(poll),
    estado: stateName(poll),
    aberto_em: poll.openedAt,
    ...runningView(poll, now),
    ...standingView(poll),
    apuracao: signOffView(poll),
    ...votesView(votes),
    total: totalOf(snapshot),
    votos_ultima_hora: votesInLastHour(snapshot, now),
    votos_por_segundo: tallies.ratePerSecond(poll.id),
    por_participante: participantTotals(poll, votes),
    por_hora: rows(snapshot.hours).map(([hour, counts]) => ({ hora: hourStart(hour), ...counts })),
    por_minuto: rows(snapshot.minutes)
      .slice(-MINUTES_SHOWN)
      .map(([minute, counts]) => ({ minuto: minuteStart(minute), ...counts })),
    pico: peakMinute(snapshot),
    mesmo_minuto: snapshot.cut === null ? earlierMinutes(poll, tallies.all(), now) : [],
    observacoes: curveView(snapshot.curve),
    duplicados: snapshot.duplicates,
    atrasados: snapshot.late,
    expirados: snapshot.expired,
    quarentena: snapshot.quarantined,
    completo: isComplete(snapshot),
    final: snapshot.cut !== null,
    digest,
    revisao: snapshot.revision,
    idade_segundos: tallies.ageSeconds(),
    atraso_projecao_segundos: tallies.lagSeconds(),
  };
}

/**
 * Votes and shares of each participant, in the order of their numbers.
 * @param votes by participant, from number 1 on; shares are percent with two decimals that add up to 100, or all 0
 */
export function participantTotals({ participants }: Poll, votes: readonly number[]): ParticipantTotal[] {
  const shares = sharesOf(votes);
  return participants.map((participant, index) => ({
    ...participantView(participant),
    votos: votes[index] ?? 0,
    percentual: shares[index] ?? 0,
  }));
}

type Counts = VotesByNumber & { readonly total: number };

function rows(buckets: Record<string, number[]>): [key: string, counts: Counts][] {
  return Object.entries(buckets)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, votes]) => [key, { total: votes.reduce((sum, count) => sum + count, 0), ...votesView(votes) }]);
}
