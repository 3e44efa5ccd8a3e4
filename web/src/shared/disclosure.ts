import { hasVotedIn } from './passe.ts';
import type { Poll, Result } from '#contract';
import type { Standing } from '../../../libs/wording/verdict.ts';

type Disclosure = Pick<Poll, 'divulgacao' | 'parcial_para' | 'estado'>;

/** The numbers of a result, while it shows them. */
export const shown = (result: Result): Standing | undefined =>
  result.parcial_visivel ? (result as Standing) : undefined;

/** Why there are no numbers, and when there will be some. */
export function heldText({ divulgacao, parcial_para, estado }: Disclosure): string {
  if (estado === 'anulado') return 'Este paredão foi anulado';
  if (estado !== 'aberto') return 'O resultado será anunciado ao vivo';
  if (parcial_para === 'quem-votou') return 'Vote para ver a parcial';
  return divulgacao === 'no-fim'
    ? 'O resultado sai depois do encerramento'
    : 'A parcial aparece quando o programa mostrar';
}

/** What a voter who has not voted on this page yet may know of the shares; nothing where everybody sees them. */
export function voterText(poll: Poll): string {
  if (poll.estado !== 'aberto' || poll.parcial_para === 'todos') return '';
  if (poll.parcial_para === 'quem-votou' && hasVotedIn(poll.id))
    return 'Você já votou: a parcial está em “Ver resultado”.';
  return `${heldText(poll)}.`;
}
