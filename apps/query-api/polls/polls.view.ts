import { ApiProperty } from '@nestjs/swagger';

import type { Poll } from '#domain';
import { PollView, countedState, pollView } from '#platform';
import type { TallyOf } from '#read-model';

import { participantTotals } from '../totals/total.query.ts';
import { ParticipantTotalView } from '../totals/total.view.ts';

/** A poll with what was counted of it. */
class PollSummaryView extends PollView {
  @ApiProperty() total!: number;
  @ApiProperty({ type: [ParticipantTotalView] }) por_participante!: ParticipantTotalView[];
  @ApiProperty({ description: 'The closing cut is in: nothing changes any more' }) final!: boolean;
}

export class PollListView {
  @ApiProperty({ type: [PollSummaryView], description: 'The newest first' }) paredoes!: PollSummaryView[];
}

export const pollListView = (tallies: readonly TallyOf<Poll>[]): PollListView => ({
  paredoes: tallies.map(({ snapshot }) => {
    const por_participante = participantTotals(snapshot.poll, snapshot.votes);
    const total = por_participante.reduce((sum, { votos }) => sum + votos, 0);
    const final = snapshot.cut !== null;
    return { ...pollView(snapshot.poll), estado: countedState(snapshot), total, por_participante, final };
  }),
});
