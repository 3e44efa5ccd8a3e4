import { openSpan } from '../shared/closing.ts';
import { sentence, type Standing } from '../../../libs/wording/verdict.ts';
import type { VoteBar } from './vote-bar.ts';
import type { Poll, Result } from '#contract';

/**
 * Says that the voting is over.
 * @param reason what became of a vote that was under way; '' where there was none
 * @param result the final one, once it is shown, for ears
 */
export function tellEnd(voteBar: VoteBar, poll: Poll | undefined, reason: string, result?: Standing): void {
  const detail = `${reason || 'Obrigado por participar.'} ${poll ? `Ficou aberta ${openSpan(poll)}; votos não contam mais.` : ''}`;
  const tone = reason !== '' && !result ? 'warn' : 'plain';
  voteBar.say(tone, 'Votação encerrada', detail, result && { ear: sentence(result) });
}

/** Whether the shares tell something of the poll that the page does not know yet. */
export const isNews = (result: Result, poll: Poll | undefined): boolean =>
  result.estado !== 'aberto' ||
  result.cedula !== poll?.cedula ||
  result.encerra_em !== poll.encerra_em ||
  result.pausado_em !== poll.pausado_em ||
  result.parcial_para !== poll.parcial_para;

/** What became of a vote that was refused because the poll is over. `certain`: no earlier try may have got through. */
export const lateText = ({ certain }: { readonly certain: boolean }): string =>
  certain ? 'Este voto chegou depois do fim e não entrou.' : 'Este voto pode não ter entrado a tempo.';

/** What the end says of a vote that waited for its confirmation. */
export const UNCONFIRMED = 'Seu último voto não foi confirmado e pode não ter entrado a tempo.';

/** What became of a vote that was under way when the end came. */
export const inTimeText = (whatFor: string): string => `Seu voto ${whatFor} entrou a tempo.`;

/** The vote was for a ballot that is not open any more. `certain`: as above. */
export const sayChanged = (voteBar: VoteBar, certain: boolean): void =>
  voteBar.say(
    'warn',
    'O paredão mudou',
    certain ? 'Este voto não foi registrado.' : 'Este voto pode ter entrado antes.',
  );

/** @param certain the vote was never sent */
export const sayCancelled = (voteBar: VoteBar, certain: boolean): void =>
  voteBar.say('plain', 'Voto cancelado', certain ? 'Ele não foi enviado.' : 'Ele pode ter entrado antes.');

/** A vote from before the page was loaded again cannot go on. */
export const sayLost = (voteBar: VoteBar): void =>
  voteBar.say('warn', 'Seu voto anterior não foi confirmado', 'Ele pode ter entrado antes.');
