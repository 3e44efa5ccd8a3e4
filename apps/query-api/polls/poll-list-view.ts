import type { PollList } from '#contract';
import { type RehearsalKeys, pollView } from '#contract/views';
import type { Poll } from '#domain';
import type { TallyOf } from '#read-model';

import { participantTotals } from '../totals/total-view.ts';

/** @param keys of the links of rehearsals */
export const pollListView = (tallies: readonly TallyOf<Poll>[], keys: RehearsalKeys): PollList => ({
  paredoes: tallies.map(({ snapshot }) => {
    const por_participante = participantTotals(snapshot.poll, snapshot.votes);
    const total = por_participante.reduce((sum, { votos }) => sum + votos, 0);
    const final = snapshot.cut !== null;
    const regulamento = snapshot.poll.rules ?? null;
    const chave = snapshot.poll.rehearsal && { chave: keys.of(snapshot.poll.id) };
    return { ...pollView(snapshot.poll), ...chave, regulamento, total, por_participante, final };
  }),
});
