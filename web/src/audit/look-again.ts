import { byId, setText } from '../shared/dom.ts';
import type { ApiFailure } from '../shared/failure.ts';
import { backoff } from '../shared/retry.ts';
import { countdown } from '../shared/timing.ts';

/** Looks again by itself after a failure, after a growing pause or as soon as there is a line, and says when. */
export class LookAgain {
  readonly #look: () => void;
  readonly #pill = byId('estado-conexao', HTMLElement);
  #counting = { stop: () => {} };
  #failures = 0;

  constructor(look: () => void) {
    this.#look = look;
    window.addEventListener('online', () => {
      if (this.#failures > 0) this.#look();
    });
  }

  /** It failed, and is tried again. */
  after(failure: ApiFailure): void {
    document.body.dataset['conexao'] = 'lost';
    this.#counting.stop();
    this.#counting = countdown(backoff(++this.#failures, failure.retryAfter, Math.random()), (seconds) => {
      setText(this.#pill, seconds > 0 ? `Nova tentativa em ${seconds} s` : 'Tentando de novo…');
      if (seconds === 0) this.#look();
    });
  }

  /** It went well, or nobody waits for it any more. */
  end(): void {
    delete document.body.dataset['conexao'];
    this.#counting.stop();
    this.#failures = 0;
    setText(this.#pill, '');
  }
}
