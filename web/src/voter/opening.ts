import { byId, setText } from '../shared/dom.ts';
import { future, remaining } from '../shared/format.ts';
import type { WatchedPoll } from './poll-watch.ts';
import { countdown } from '../shared/timing.ts';

/** The countdown to the opening of a poll. */
export interface Opening {
  /** `say` gets the words for when the poll opens. */
  show(poll: WatchedPoll, say: (when: string) => void): void;
  stop(): void;
}

/** Wires the countdown under the cards. */
export function createOpening(): Opening {
  const clock = byId('contagem', HTMLElement);
  let counting = { stop: () => {} };
  return {
    show({ abre_em, opensIn }, say) {
      counting.stop();
      say(future(abre_em ?? '', new Date(Date.parse(abre_em ?? '') - opensIn).toISOString()));
      counting = countdown(opensIn, (seconds) => setText(clock, seconds > 0 ? remaining(seconds) : 'É agora…'));
    },
    stop: () => counting.stop(),
  };
}
