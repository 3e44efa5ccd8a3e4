import { createClosing } from '../shared/closing.ts';
import { voterText } from '../shared/disclosure.ts';
import { byId, setName, setText } from '../shared/dom.ts';
import { described } from '../../../libs/wording/purpose.ts';
import { showRehearsal } from '../shared/rehearsal.ts';
import { keepPollInLinks } from '../shared/this-poll.ts';
import { type State, isNewChapter, isOnAir, showState, shownState } from '../shared/state-badge.ts';
import { turnPage } from '../shared/turn-page.ts';
import { showCorrections } from './corrections.ts';
import { createRules } from './rules.ts';
import type { Poll } from '#contract';

/** What stands around the cards whatever is shown between: title, purpose, rules, state, countdown to the end, corrections, and when
 * there are shares to see. */
export interface Headline {
  show(poll: Poll): void;
  /** `isOver`: the page knows it, whatever an answer says that has not heard of it. */
  showState(poll: State, isOver: boolean): void;
}

/** Wires it. `onOver` is called in the second in which the poll closes. */
export function createHeadline(onOver: () => void): Headline {
  const title = byId('titulo', HTMLElement);
  const purpose = byId('finalidade', HTMLElement);
  const disclosure = byId('divulgacao', HTMLElement);
  const rules = createRules();
  const badge = byId('selo', HTMLElement);
  const closing = createClosing(onOver);
  keepPollInLinks();
  return {
    show(poll) {
      showRehearsal(poll);
      setName(title, poll.titulo, 30);
      setText(purpose, described(poll.finalidade));
      setText(disclosure, voterText(poll));
      rules.offer(poll);
      showCorrections(poll.correcoes);
      closing.show(poll);
    },
    showState(poll, isOver) {
      const state = shownState(poll);
      const known = isOnAir(state) && isOver ? 'encerrado' : state;
      if (isNewChapter(badge, known)) turnPage();
      showState(badge, known);
    },
  };
}
