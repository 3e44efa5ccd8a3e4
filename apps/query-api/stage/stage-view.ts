import type { Stage, StageScore } from '#contract';
import { participantView, runningView, stateName } from '#contract/views';
import { FIRST_STAGE_MODE, type OpenedPoll, type StageMode, isProclaimed, sharesOf } from '#domain';
import type { PollTally } from '#read-model';

import { leaderOf } from '../results/results.ts';

/** What is not of the poll. */
type Around = Pick<Stage, 'endereco' | 'telas'>;

/** What the stage shows of a poll. */
export function stageView({ snapshot }: PollTally, around: Around): Stage {
  const { poll, votes } = snapshot;
  const mode = poll.stage?.mode ?? FIRST_STAGE_MODE;
  return {
    paredao: poll.id,
    titulo: poll.title,
    finalidade: poll.purpose ?? null,
    estado: stateName(poll),
    ...runningView(poll),
    modo: mode,
    pedido_em: poll.stage?.at ?? null,
    participantes: poll.participants.map(participantView),
    placar: isScoreShown(poll, mode) ? scoreOf(votes) : null,
    revelavel: isProclaimed(poll),
    ensaio: poll.rehearsal === true,
    anulado: poll.annulled !== undefined,
    ...around,
  };
}

/** What is not on the wall is not sent to it. After the closing, shares wait until the result is proclaimed. */
function isScoreShown(poll: OpenedPoll, mode: StageMode): boolean {
  if (mode === 'parcial') return poll.status === 'open' || isProclaimed(poll);
  return mode === 'revelacao' && isProclaimed(poll);
}

function scoreOf(votes: readonly number[]): StageScore {
  const numbers = votes.map((_, index) => index + 1);
  return {
    percentuais: sharesOf(votes),
    ordem: numbers.toSorted((a, b) => votes[a - 1]! - votes[b - 1]!),
    lider: leaderOf(votes),
    sem_votos: votes.every((count) => count === 0),
  };
}
