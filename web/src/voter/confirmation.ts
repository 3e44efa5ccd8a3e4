import { sentence } from '../shared/verdict.ts';
import type { Result } from '#contract';
import type { VoteBar } from './vote-bar.ts';

const confirmed = 'Voto confirmado!';

/** Says that the vote is stored. */
export const sayVoted = (voteBar: VoteBar, name: string): void =>
  voteBar.say('good', confirmed, `Você votou em ${name}.`);

/** Says whether the vote is in the percentages, and what they are. Returns whether it is. */
export function sayCounted(voteBar: VoteBar, name: string, result: Result): boolean {
  if (result.inclui_seu_voto)
    voteBar.say('good', confirmed, `A parcial já inclui o seu voto em ${name}.`, sentence(result));
  else voteBar.say('good', confirmed, `Seu voto em ${name} está guardado e entra na conta em instantes.`);
  return result.inclui_seu_voto === true;
}
