import type { PollList } from '#contract';
import { type RehearsalKeys, pollView, signOffView } from '#contract/views';
import type { Poll } from '#domain';
import type { TallyOf } from '#read-model';

import { participantTotals } from '../totals/total-view.ts';

/** @param keys of the links of rehearsals */
export function pollListView(tallies: readonly TallyOf<Poll>[], keys: RehearsalKeys): PollList {
  const polls = new Map(tallies.map(({ snapshot: { poll } }) => [poll.id, poll]));
  const paredoes = tallies.map(({ snapshot: { poll, votes, cut } }) => {
    const por_participante = participantTotals(poll, votes);
    return {
      ...pollView(poll, polls.get(poll.replaces ?? '')),
      ...(poll.rehearsal && { chave: keys.of(poll.id) }),
      regulamento: poll.rules ?? null,
      apuracao: signOffView(poll),
      total: por_participante.reduce((sum, { votos }) => sum + votos, 0),
      por_participante,
      final: cut !== null,
    };
  });
  return { paredoes };
}
