import { byId, setText } from '../shared/dom.ts';
import { future, remaining } from '../shared/format.ts';
import { serverClock } from '../shared/server-clock.ts';
import { countdown } from '../shared/timing.ts';
import type { Poll } from '#contract';

/** The countdown to the opening of a poll. */
export interface Opening {
  /** `say` gets the words for when the poll opens. */
  show(poll: Poll, say: (when: string) => void): void;
  stop(): void;
}

/** Wires the countdown under the cards. */
export function createOpening(): Opening {
  const clock = byId('contagem', HTMLElement);
  let counting = { stop: () => {} };
  return {
    show({ abre_em }, say) {
      counting.stop();
      const opens = abre_em ?? '';
      say(`${future(opens, new Date(serverClock.now()).toISOString())} de Brasília`);
      const show = (seconds: number) => setText(clock, seconds > 0 ? remaining(seconds) : 'É agora…');
      counting = countdown(serverClock.until(opens), show);
    },
    stop: () => counting.stop(),
  };
}
