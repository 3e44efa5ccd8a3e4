import { type HumanProof, encodeSolved } from './voter-api.ts';
import { asFailure } from '../shared/failure.ts';
import { elapsed, isSpent, needsRefresh, type Moment } from './freshness.ts';
import { backoff } from '../shared/retry.ts';
import type { Solution } from './solver.ts';
import type { CaptchaRequest, Challenge } from '#contract';

/** Called with the share of the work that is done, 0–1. */
type OnDone = (done: number) => void;

/** What the keeper needs from the page. */
export interface KeeperPorts {
  fetchChallenge(): Promise<Challenge>;
  solve(parameters: Challenge['parameters'], onTried: (tried: number) => void): Promise<Solution>;
  /** Resolves with the token of the widget that the server named, undefined when it gives none. */
  askCaptcha(request: CaptchaRequest): Promise<string | undefined>;
  now(): Moment;
}

interface Solved {
  readonly altcha: string;
  readonly captcha: CaptchaRequest | undefined;
  readonly validSeconds: number;
  readonly since: Moment;
}

/**
 * Keeps one solved challenge at hand, so that a tap becomes a vote at once.
 *
 * Call `keepFresh` when voting becomes possible and every few seconds after; `take` for a vote; then `renew` once the
 * vote is in (or the challenge was refused). Between `take` and `renew` the challenge is held: the same one is handed
 * out again, because a vote whose outcome is unknown must be repeated with it to count once.
 */
export class ChallengeKeeper {
  readonly #ports: KeeperPorts;
  #ready: Solved | undefined;
  #pending: Promise<Solved> | undefined;
  #held = false;
  #onDone: OnDone = () => {};
  /** Of the held challenge: its vote must be repeated with it. */
  #token: string | undefined;
  #failures = 0;
  #failedAt: Moment = { monotonic: 0, wall: 0 };
  #pause = 0;

  constructor(ports: KeeperPorts) {
    this.#ports = ports;
  }

  /** Fetches and solves in the background what is missing or will expire soon. Never throws; backs off after failures. */
  keepFresh(): void {
    if (this.#held || this.#pending) return;
    if (this.#ready && !needsRefresh(this.#ready.validSeconds, this.#age(this.#ready))) return;
    if (this.#failures > 0 && elapsed(this.#failedAt, this.#ports.now()) < this.#pause) return;
    this.#obtain().catch(() => {});
  }

  /** What a vote is sent with, waiting for it where need be. Rejects with `ApiFailure` or the solver's error. */
  async take(onDone: OnDone = () => {}): Promise<HumanProof> {
    this.#held = true;
    this.#onDone = onDone;
    if (this.#ready && isSpent(this.#ready.validSeconds, this.#age(this.#ready))) this.#drop();
    const { altcha, captcha } = this.#ready ?? (await this.#obtain());
    if (captcha) this.#token ??= await this.#ports.askCaptcha(captcha);
    return this.#token === undefined ? { altcha } : { altcha, captcha: this.#token };
  }

  /** Drops the challenge, used or refused, and begins with the next one. */
  renew(): void {
    this.#drop();
    this.#held = false;
    this.#onDone = () => {};
    this.#failures = 0;
    this.keepFresh();
  }

  #drop(): void {
    this.#ready = undefined;
    this.#token = undefined;
  }

  #age(solved: Solved): number {
    return elapsed(solved.since, this.#ports.now());
  }

  #obtain(): Promise<Solved> {
    this.#pending ??= this.#fetchAndSolve()
      .then((solved) => {
        this.#failures = 0;
        // A held challenge may be on its way already: only that one may be repeated.
        if (!this.#held || !this.#ready) this.#ready = solved;
        return this.#ready;
      })
      .catch((error: unknown) => {
        this.#noteFailure(error);
        throw error;
      })
      .finally(() => (this.#pending = undefined));
    return this.#pending;
  }

  async #fetchAndSolve(): Promise<Solved> {
    const since = this.#ports.now();
    const challenge = await this.#ports.fetchChallenge();
    const { parameters, captcha, valido_por_segundos } = challenge;
    const most = parameters.data.dificuldade;
    const solution = await this.#ports.solve(parameters, (tried) => this.#onDone(Math.min(tried / most, 1)));
    return { altcha: encodeSolved(challenge, solution), captcha, validSeconds: valido_por_segundos, since };
  }

  #noteFailure(error: unknown): void {
    this.#failures++;
    this.#failedAt = this.#ports.now();
    this.#pause = backoff(this.#failures, asFailure(error).retryAfter, Math.random());
  }
}
