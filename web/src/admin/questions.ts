import type { Question } from './confirm.ts';
import { announcement } from './description.ts';
import type { Poll, PollSummary } from '#contract';

/** What is asked before a poll is opened: what will be on air. */
export const opening = (poll: PollSummary): Question => ({
  title: 'Abrir agora?',
  text: `${announcement(poll, poll.regulamento ?? '')} A votação começa assim que você confirmar.`,
  yes: 'Abrir a votação',
});

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
