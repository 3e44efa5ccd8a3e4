import { byId, element, setText, within } from '../shared/dom.ts';

/** What the button of the bar does when it is pressed. */
export type Action = 'votar' | 'votar-de-novo' | 'tentar-de-novo' | 'aguarde';

/** `plain` is a hint without a frame. */
export type Tone = 'plain' | 'good' | 'warn';

/** Parts of a message that only the eye or only the ear takes in. */
export interface SaidApart {
  /** Shown and not read out: what changes every second. */
  readonly eye?: string;
  /** Read out and not shown: what the eye sees elsewhere. */
  readonly ear?: string;
}

/** After a confirmation, a tap within this time (ms) still belongs to the vote before. */
const DOUBLE_TAP = 500;

/** Message, progress and button under the cards. */
export interface VoteBar {
  say(tone: Tone, title: string, detail?: string, parts?: SaidApart): void;
  /** Slot 0 leaves the button without a participant's colour. */
  offer(action: Action, label: string, number: number): void;
  /** Until a double tap is over, there is nothing to do. */
  action(): Action;
  focusAction(): void;
  /** A share of 0–1, or null for no progress bar. */
  progress(done: number | null): void;
  /** A button to choose somebody else instead of a vote that was not confirmed. */
  offerChange(offered: boolean): void;
  /** A button to give up a vote that waits. */
  offerCancel(offered: boolean): void;
  /** What that button does: of several the last. */
  onCancel(cancel: () => void): void;
}

function messageParts(title: string, detail: string, ear: string): Node[] {
  const parts = [element('strong', title), element('span', detail), element('span', ear, 'sr-only')];
  return parts.filter((part) => part.textContent !== '').flatMap((part) => [part, new Text(' ')]);
}

/** The message of the bar: ears hear it once, whatever changes for the eye. */
function createMessage(): VoteBar['say'] {
  const message = byId('mensagem', HTMLElement);
  const seen = element('span');
  seen.setAttribute('aria-hidden', 'true');
  let said = '';
  return (tone, title, detail = '', { eye = '', ear = '' } = {}) => {
    setText(seen, eye);
    const key = [tone, title, detail, ear, eye === ''].join('\n');
    if (key === said) return;
    said = key;
    message.dataset['tone'] = tone;
    message.replaceChildren(...messageParts(title, detail, ear), ...(eye === '' ? [] : [seen]));
  };
}

/** Wires the bar. */
export function createVoteBar(): VoteBar {
  const bar = byId('progresso', HTMLElement);
  const button = byId('acao', HTMLButtonElement);
  const label = within(button, 'span', HTMLElement);
  const change = byId('trocar', HTMLButtonElement);
  const cancel = byId('cancelar', HTMLButtonElement);
  let confirmedAt = -DOUBLE_TAP;
  return {
    say: createMessage(),
    offer(action, text, number) {
      button.dataset['acao'] = action;
      if (action === 'votar-de-novo') confirmedAt = performance.now();
      if (number === 0) delete button.dataset['number'];
      else button.dataset['number'] = String(number);
      button.setAttribute('aria-disabled', String(action === 'aguarde'));
      setText(label, text);
    },
    action: () => (performance.now() - confirmedAt < DOUBLE_TAP ? 'aguarde' : (button.dataset['acao'] as Action)),
    focusAction() {
      // the page is laid out for whoever asks for the focus
      if (document.activeElement !== button) button.focus();
    },
    progress(done) {
      bar.hidden = done === null;
      const percent = Math.round((done ?? 0) * 100);
      bar.setAttribute('aria-valuenow', String(percent));
      bar.style.setProperty('--done', `${percent}%`);
    },
    offerChange: (offered) => (change.hidden = !offered),
    offerCancel: (offered) => (cancel.hidden = !offered),
    onCancel: (act) => (cancel.onclick = act),
  };
}
