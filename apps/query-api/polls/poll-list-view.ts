import type { PollList } from '#contract';
import { pollView } from '#contract/views';
import type { Poll } from '#domain';
import type { TallyOf } from '#read-model';

import { participantTotals } from '../totals/total-view.ts';

export const pollListView = (tallies: readonly TallyOf<Poll>[]): PollList => ({
  paredoes: tallies.map(({ snapshot }) => {
    const por_participante = participantTotals(snapshot.poll, snapshot.votes);
    const total = por_participante.reduce((sum, { votos }) => sum + votos, 0);
    const final = snapshot.cut !== null;
    const regulamento = snapshot.poll.rules ?? null;
    return { ...pollView(snapshot.poll), regulamento, total, por_participante, final };
  }),
});
