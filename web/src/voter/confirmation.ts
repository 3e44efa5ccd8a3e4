import { shown } from '../shared/disclosure.ts';
import { isRehearsal } from '../shared/rehearsal.ts';
import { sentence } from '../../../libs/wording/verdict.ts';
import type { Result } from '#contract';
import type { VoteBar } from './vote-bar.ts';

const confirmed = (): string => (isRehearsal() ? 'Voto de ensaio: não conta' : 'Voto confirmado!');

/** Says that the vote is stored. `whatFor`: as `aim` says it. */
export const sayVoted = (voteBar: VoteBar, whatFor: string): void =>
  voteBar.say('good', confirmed(), `Você votou ${whatFor}.`);

/** Says whether the vote is counted, and the percentages with it where they are shown. Returns whether it is. */
export function sayCounted(voteBar: VoteBar, whatFor: string, result: Result): boolean {
  const standing = shown(result);
  if (result.inclui_seu_voto && standing)
    voteBar.say('good', confirmed(), `A parcial já inclui o seu voto ${whatFor}.`, { ear: sentence(standing) });
  else if (result.inclui_seu_voto) voteBar.say('good', confirmed(), `Seu voto ${whatFor} já está na conta.`);
  else voteBar.say('good', confirmed(), `Seu voto ${whatFor} está guardado e entra na conta em instantes.`);
  return result.inclui_seu_voto === true;
}
