import type { Stage, StageScore } from '#contract';
import { participantView, rehearsalView, runningView, stateName } from '#contract/views';
import { FIRST_STAGE_MODE, type StageMode, audienceOf, isProclaimed, sharesOf } from '#domain';
import type { PollTally } from '#read-model';

/** What is not of the poll. */
type Around = Pick<Stage, 'endereco' | 'caminho' | 'telas'>;

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
    placar: isScoreShown(snapshot, mode) ? scoreOf(votes) : null,
    publica: audienceOf(poll) === 'everybody',
    revelavel: isResult(snapshot),
    ...rehearsalView(poll),
    anulado: poll.annulled !== undefined,
    ...around,
  };
}

/** What is not on the wall is not sent to it. After the closing, shares wait until the result is proclaimed. */
function isScoreShown(counted: Counted, mode: StageMode): boolean {
  if (mode === 'parcial' && counted.poll.status === 'open') return true;
  return (mode === 'parcial' || mode === 'revelacao') && isResult(counted);
}

type Counted = Pick<PollTally['snapshot'], 'poll' | 'cut'>;

/** Proclaimed, and counted to the end: of a poll of an earlier version some votes may still be under way. */
const isResult = ({ poll, cut }: Counted): boolean => isProclaimed(poll) && cut !== null;

function scoreOf(votes: readonly number[]): StageScore {
  const most = Math.max(...votes);
  const numbers = votes.map((_, index) => index + 1);
  return {
    percentuais: sharesOf(votes),
    ordem: numbers.toSorted((a, b) => votes[a - 1]! - votes[b - 1]!),
    primeiros: numbers.filter((number) => most > 0 && votes[number - 1] === most),
  };
}
