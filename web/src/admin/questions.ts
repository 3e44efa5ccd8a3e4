import type { Question } from './confirm.ts';
import type { Poll } from '#contract';

/** Before a draft is opened that was changed here: nothing goes on air that is not saved. */
export const savingFirst = (changes: readonly string[]): Question => ({
  title: 'Salvar antes de abrir?',
  text: `Ainda não salvo: ${new Intl.ListFormat('pt-BR').format(changes)}. Só abre o que está salvo, e você confere tudo antes.`,
  yes: 'Salvar e conferir',
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

/** Before a photo that is on air is removed. */
export const removingPhoto = ({ participantes }: Poll, number: number): Question => ({
  title: 'Tirar a foto?',
  text: `A foto de ${participantes[number - 1]?.nome ?? ''} sai do ar agora, em todas as páginas. Um desenho fica no lugar dela.`,
  yes: 'Tirar a foto',
});
