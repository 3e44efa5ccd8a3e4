import { countdown } from '../shared/timing.ts';
import { Pace } from './pace.ts';
import type { VoteBar } from './vote-bar.ts';
import type { VoteStep } from './vote-flow.ts';
import { VOTE_TIMEOUT } from './voter-api.ts';

/**
 * A vote that is answered within this time (ms) is not told step by step: a slow phone would lay out the page for each step, and show the
 * confirmation a second later.
 */
const QUICK = 250;
/** A solution that comes faster than this (ms) is not worth a progress bar. */
const PATIENCE = 200;
/** From here on (ms) the page says why one waits, about how long, and offers to stop. */
const LONG_WAIT = 2_000;

export const CROWDED = 'Esta rede está votando muito';

const waitingText = {
  crowded: { title: CROWDED, detail: 'Seu voto está guardado aqui e vai sozinho.' },
  busy: { title: 'Muita gente votando agora', detail: 'Seu voto está guardado aqui e vai sozinho.' },
  network: { title: 'A conexão falhou', detail: 'Seu voto vai de novo sozinho e conta uma vez só.' },
};

const SLOW_LINE = 'A conexão está lenta. O voto sai assim que der.';
const SLOW_ANSWER = `A resposta está demorando. Sem ela, em até ${VOTE_TIMEOUT / 1_000} s o mesmo voto vai de novo.`;

const leftText = (seconds: number): string =>
  `${seconds > 90 ? 'Mais de um minuto' : `Cerca de ${seconds} s`} até o seu voto sair.`;

const isUsual = ({ phase }: VoteStep): boolean => phase === 'solving' || phase === 'sending';

/** Tells the steps of one vote. */
export interface Narrator {
  step(step: VoteStep): void;
  /** There are no more. */
  end(): void;
}

/**
 * Shows the steps of a vote in the vote bar. The usual ones are told when they are not over in a moment, and once more, with a reason and a
 * way out, when they take long.
 * @param number whom the vote is for
 */
export function createNarrator(voteBar: VoteBar, number: number): Narrator {
  const begun = performance.now();
  const waited = (): number => performance.now() - begun;
  const pace = new Pace();
  let last: VoteStep | undefined;
  let counting = { stop: () => {} };
  const wait = (label: string): void => voteBar.offer('aguarde', label, 0);

  function solving({ done, crowded }: Extract<VoteStep, { phase: 'solving' }>): void {
    const left = pace.left(done, performance.now());
    voteBar.progress(waited() > PATIENCE ? done : null);
    wait('Preparando o seu voto…');
    if (waited() < LONG_WAIT) return voteBar.say('plain', '');
    const title = crowded ? CROWDED : 'Preparando o seu voto';
    if (left === undefined) voteBar.say('warn', title, done > 0 ? '' : SLOW_LINE);
    else voteBar.say('warn', title, '', { eye: leftText(Math.ceil(left / 1_000)) });
  }

  function sending(): void {
    wait('Enviando o seu voto…');
    if (waited() < LONG_WAIT) voteBar.say('plain', '');
    else voteBar.say('warn', 'Enviando o seu voto', SLOW_ANSWER);
  }

  function tell(step: VoteStep): void {
    counting.stop();
    voteBar.progress(null);
    document.body.dataset['phase'] = step.phase;
    voteBar.offerCancel(!isUsual(step) || waited() >= LONG_WAIT);
    if (step.phase === 'solving') solving(step);
    else if (step.phase === 'sending') sending();
    else if (step.phase === 'waiting') {
      const { title, detail } = waitingText[step.reason];
      voteBar.say('warn', title, detail);
      counting = countdown(step.delay, (seconds) => wait(`Nova tentativa em ${seconds} s`));
    } else {
      voteBar.say('warn', 'Você está sem internet', 'O voto vai sozinho quando a conexão voltar.');
      wait('Esperando a conexão…');
    }
  }

  const again = (): void => {
    if (last !== undefined && isUsual(last)) tell(last);
  };
  const timers = [QUICK, LONG_WAIT].map((ms) => setTimeout(again, ms));
  return {
    step(step) {
      last = step;
      if (!isUsual(step) || waited() >= QUICK) tell(step);
    },
    end() {
      for (const timer of timers) clearTimeout(timer);
      counting.stop();
      voteBar.progress(null);
      voteBar.offerCancel(false);
      voteBar.offer('votar', 'Votar', number);
      document.body.dataset['phase'] = 'idle';
    },
  };
}
