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
/** From here on (ms) the page says why one waits, how long at most, and offers to stop. */
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
  `Seu voto sai em até ${seconds > 90 ? `${Math.ceil(seconds / 60)} minutos` : `${seconds} s`}.`;

const isUsual = ({ phase }: VoteStep): boolean => phase === 'solving' || phase === 'sending';

/**
 * Shows the steps of one vote in the vote bar. The usual ones are told when they are not over in a moment, and once more, with a reason and a
 * way out, when they take long.
 */
export class Narrator {
  readonly #voteBar: VoteBar;
  readonly #number: number;
  readonly #begun = performance.now();
  readonly #pace = new Pace();
  readonly #timers = [QUICK, LONG_WAIT].map((ms) => setTimeout(() => this.#again(), ms));
  #last: VoteStep | undefined;
  /** When the phase of the last step began. */
  #since = this.#begun;
  #counting = { stop: () => {} };

  /** @param number whom the vote is for */
  constructor(voteBar: VoteBar, number: number) {
    this.#voteBar = voteBar;
    this.#number = number;
  }

  step(step: VoteStep): void {
    if (step.phase !== this.#last?.phase) this.#enter(step);
    this.#last = step;
    if (!isUsual(step) || this.#waited >= QUICK) this.#tell(step);
  }

  /** An answer is slow by the time since the vote was sent, however long its solution took. */
  #enter({ phase }: VoteStep): void {
    this.#since = performance.now();
    if (phase === 'sending') this.#timers.push(setTimeout(() => this.#again(), LONG_WAIT));
  }

  /** There are no more. */
  end(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#counting.stop();
    this.#voteBar.progress(null);
    this.#voteBar.offerCancel(false);
    this.#voteBar.offer('votar', 'Votar', this.#number);
    document.body.dataset['phase'] = 'idle';
  }

  /** ms since the tap */
  get #waited(): number {
    return performance.now() - this.#begun;
  }

  get #isLong(): boolean {
    return this.#waited >= LONG_WAIT;
  }

  #again(): void {
    if (this.#last !== undefined && isUsual(this.#last)) this.#tell(this.#last);
  }

  #tell(step: VoteStep): void {
    this.#counting.stop();
    this.#voteBar.progress(null);
    document.body.dataset['phase'] = step.phase;
    this.#voteBar.offerCancel(!isUsual(step) || this.#isLong);
    if (step.phase === 'solving') this.#solving(step);
    else if (step.phase === 'sending') this.#sending();
    else if (step.phase === 'waiting') this.#waiting(step);
    else this.#offline();
  }

  #solving({ done, crowded }: Extract<VoteStep, { phase: 'solving' }>): void {
    const left = this.#pace.left(done, performance.now());
    this.#voteBar.progress(this.#waited > PATIENCE ? done : null);
    this.#wait('Preparando o seu voto…');
    if (!this.#isLong) return this.#voteBar.say('plain', '');
    const title = crowded ? CROWDED : 'Preparando o seu voto';
    if (left === undefined) this.#voteBar.say('warn', title, done > 0 ? '' : SLOW_LINE);
    else this.#voteBar.say('warn', title, '', { eye: leftText(Math.ceil(left / 1_000)) });
  }

  #sending(): void {
    this.#wait('Enviando o seu voto…');
    if (!this.#isLong) return this.#voteBar.say('plain', '');
    const isSlow = performance.now() - this.#since >= LONG_WAIT;
    this.#voteBar.say('warn', 'Enviando o seu voto', isSlow ? SLOW_ANSWER : '');
  }

  #waiting({ delay, reason }: Extract<VoteStep, { phase: 'waiting' }>): void {
    const { title, detail } = waitingText[reason];
    this.#voteBar.say('warn', title, detail);
    this.#counting = countdown(delay, (seconds) => this.#wait(`Nova tentativa em ${seconds} s`));
  }

  #offline(): void {
    this.#voteBar.say('warn', 'Você está sem internet', 'O voto vai sozinho quando a conexão voltar.');
    this.#wait('Esperando a conexão…');
  }

  #wait(label: string): void {
    this.#voteBar.offer('aguarde', label, 0);
  }
}
