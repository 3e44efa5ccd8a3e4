import { keepFocus } from './view.ts';
import type { VoteBar } from './vote-bar.ts';

/** As high as the button in whose place it stands, on the phones that most have. */
const UNDECIDED = 'Volta sozinha. Voto confirmado conta.';
const NOT_STORED = 'Este voto não foi registrado. A sua escolha fica guardada aqui.';
const MAYBE_STORED = 'Pode ter entrado antes. Tente de novo depois: conta uma vez só.';

export const isPaused = (): boolean => document.body.dataset['pausa'] === 'true';

/** The style sheet hides the button meanwhile. Returns whether that is new. */
export function setPaused(paused: boolean): boolean {
  const [isNew, before] = [paused !== isPaused(), document.activeElement];
  document.body.dataset['pausa'] = String(paused);
  keepFocus(before);
  return isNew;
}

/** @param refused a vote that came during the pause; `certain`: no earlier try of it may have got through */
export function sayPaused(voteBar: VoteBar, refused?: { readonly certain: boolean }): void {
  const detail = refused?.certain === true ? NOT_STORED : MAYBE_STORED;
  voteBar.say('warn', 'Votação pausada', refused === undefined ? UNDECIDED : detail);
}

/** The vote that the pause left without an answer can be sent again. */
export function offerUnconfirmed(voteBar: VoteBar, number: number): void {
  voteBar.say('warn', 'A votação voltou', 'Seu voto ainda não foi confirmado.');
  voteBar.offer('tentar-de-novo', 'Tentar de novo', number);
  voteBar.offerChange(true);
}
