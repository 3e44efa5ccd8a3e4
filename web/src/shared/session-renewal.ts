import { renewLogin } from './api.ts';
import { setText } from './dom.ts';
import { asFailure } from './failure.ts';
import type { Session } from './session.ts';

/** From one renewal to the next, ms. */
const RENEWAL = 1_800_000;
const LOOK = 30_000;
/** The page says so long before the end that it comes, ms. */
const WARNING = 600_000;

/** What somebody who uses a page does. */
const USES = ['pointerdown', 'keydown', 'wheel'] as const;

/** When a page renews its session: while somebody uses it, or, on a wall, always. */
export type RenewalPolicy = 'in-use' | 'always';

/** Renews the session of a page before its end. One that nobody uses ends at its time, and `#sessao` says so before. */
export class SessionRenewal {
  readonly #policy: RenewalPolicy;
  readonly #renewed: (session: Session) => void;
  readonly #line = document.getElementById('sessao');
  #session: Session | undefined;
  #renewedAt = 0;
  #usedAt = 0;
  /** The password was given too long ago: this session is the last one. */
  #isLast = false;

  /** @param renewed takes the next session */
  constructor(policy: RenewalPolicy, renewed: (session: Session) => void) {
    this.#policy = policy;
    this.#renewed = renewed;
    const use = (): void => this.#use();
    for (const name of USES) document.addEventListener(name, use, { passive: true, capture: true });
    setInterval(() => void this.#look(), LOOK);
  }

  start(session: Session): void {
    this.#session = session;
    this.#isLast = false;
    // of a session that another page had: it is as old as it is
    this.#renewedAt = performance.now() - Math.max(Date.now() - session.since, 0);
    this.#usedAt = this.#renewedAt;
    this.#warn();
  }

  stop(): void {
    this.#session = undefined;
    this.#warn();
  }

  /** Whoever comes back in the last minutes stays. */
  #use(): void {
    const isLate = this.#left < WARNING && this.#usedAt < performance.now() - LOOK;
    this.#usedAt = performance.now();
    if (isLate) void this.#look();
  }

  /** ms until the end */
  get #left(): number {
    return this.#session ? this.#session.expiresAt - Date.now() : Infinity;
  }

  get #isWanted(): boolean {
    if (this.#policy === 'always') return true;
    return !document.hidden && this.#usedAt > this.#renewedAt;
  }

  async #look(): Promise<void> {
    this.#warn();
    const session = this.#session;
    const isDue = performance.now() - this.#renewedAt >= RENEWAL;
    if (!session || !isDue || !this.#isWanted || this.#isLast) return;
    try {
      const next = await renewLogin(session.token);
      if (this.#session === session) this.#renewed(next);
    } catch (error) {
      // anything else is tried again at the next look
      this.#isLast = asFailure(error).status === 401;
      this.#warn();
    }
  }

  #warn(): void {
    if (!this.#line) return;
    const minutes = Math.max(Math.ceil(this.#left / 60_000), 1);
    const why = this.#isLast ? 'Depois, entre de novo' : 'Toque na página para continuar';
    setText(this.#line, this.#left < WARNING ? `A sua sessão termina em ${minutes} min. ${why}.` : '');
  }
}
