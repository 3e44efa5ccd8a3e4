import type { Question } from './confirm.ts';
import { described } from '../shared/purpose.ts';
import type { OpenBody, Poll, PollSummary } from '#contract';

/** What an opening puts on air: a poll that exists, or what a form says of a new one. */
type Announced = Pick<OpenBody, 'titulo' | 'participantes'> &
  Pick<PollSummary, 'divulgacao'> &
  Partial<Pick<PollSummary, 'finalidade' | 'regulamento'>> & { readonly ensaio?: boolean };

const REHEARSAL = 'É um ensaio: abre só no seu link, e os votos não contam.';
const SHARES: Record<PollSummary['divulgacao'], string> = {
  sempre: 'Parcial para todos',
  'depois-do-voto': 'Parcial para quem votou',
  'no-fim': 'Parcial só depois do encerramento',
  'sob-comando': 'Parcial quando a produção mostrar',
};

/** Before a poll is opened: exactly what will be on air. */
export function opening(poll: Announced): Question {
  const { titulo, finalidade = null, divulgacao, regulamento, participantes, ensaio } = poll;
  const names = new Intl.ListFormat('pt-BR').format(participantes.map(({ nome }) => nome));
  const meaning = `${described(finalidade) || 'Sem finalidade'}. ${regulamento ? 'Com' : 'Sem'} regulamento. ${SHARES[divulgacao]}.`;
  return {
    title: ensaio ? 'Abrir o ensaio?' : 'Abrir agora?',
    text: `“${titulo}”: ${names}. ${meaning} ${ensaio ? REHEARSAL : 'A votação começa assim que você confirmar.'}`,
    yes: ensaio ? 'Abrir o ensaio' : 'Abrir a votação',
  };
}

/** Before it is closed. */
export const closing = ({ titulo }: Poll): Question => ({
  title: 'Encerrar a votação?',
  text: `“${titulo}” deixa de receber votos. Isto não pode ser desfeito.`,
  yes: 'Encerrar a votação',
});

/** Before a draft is discarded. */
export const discarding = ({ titulo }: Poll): Question => ({
  title: 'Descartar o rascunho?',
  text: `“${titulo}” sai da lista e não abre mais. Isto não pode ser desfeito.`,
  yes: 'Descartar',
});
