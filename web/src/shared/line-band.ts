import { element } from './dom.ts';
import { countdown } from './timing.ts';

/** The band above a page that has no contact: what is the matter, and when it tries again. */
export interface LineBand {
  /** @param delay ms until the next try, where the page knows */
  lost(text: string, delay?: number): void;
  back(): void;
}

const nextTry = (seconds: number): string => (seconds > 0 ? `Nova tentativa em ${seconds} s.` : 'Tentando…');

/** Wires it. Ears hear what is the matter once, and not the seconds. */
export function createLineBand(band: HTMLElement): LineBand {
  let counting = { stop: () => {} };
  let said = '';
  const seconds = element('span');
  seconds.setAttribute('aria-hidden', 'true');
  const say = (text: string): void => {
    if (text === said) return;
    said = text;
    band.replaceChildren(...(text === '' ? [] : [`${text} `, seconds]));
  };
  return {
    lost(text, delay) {
      counting.stop();
      say(text);
      seconds.textContent = '';
      if (delay !== undefined) counting = countdown(delay, (left) => (seconds.textContent = nextTry(left)));
    },
    back() {
      counting.stop();
      say('');
    },
  };
}
