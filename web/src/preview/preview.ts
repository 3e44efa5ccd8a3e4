/** The voter's page with the data of a draft, for staff: no vote, and no request of a voter, leaves it. */
import { fetchDraft, missing, onAir } from './draft.ts';
import { byId, setText } from '../shared/dom.ts';
import { answerHere } from '../shared/http.ts';
import type { Poll, Rules } from '#contract';
import { staffPageIsWhole } from '../shared/whole.ts';

const NOTHING_LEAVES = 'nenhum voto sai daqui';

function say(text: string): void {
  const mark = document.querySelector('.preview-mark p');
  if (mark) setText(mark, text);
}

/** What the service would answer to a voter, as far as it is looked at here. The rest gets no answer. */
const answers: Record<string, () => Promise<Poll | Rules>> = {
  '/paredao': async () => {
    const { poll, isUnsaved } = await fetchDraft();
    say(isUnsaved ? `Prévia, com o que não foi salvo: ${NOTHING_LEAVES}` : `Prévia: ${NOTHING_LEAVES}`);
    return onAir(poll);
  },
  '/paredao/regulamento': async () => {
    const { id, titulo, regulamento } = (await fetchDraft()).poll;
    return { paredao: id, titulo, regulamento: regulamento ?? '' };
  },
};

answerHere((path) => answers[path.split('?')[0] ?? '']?.() ?? new Promise(() => {}));
byId('cedula', HTMLFormElement).addEventListener(
  'submit',
  (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    say(`Prévia: aqui o voto seguiria, mas ${NOTHING_LEAVES}`);
  },
  { capture: true },
);

try {
  await fetchDraft();
  await import('../voter/voter.ts');
} catch (error) {
  say(missing(error));
}
staffPageIsWhole();
