import { encodeSolved } from './api.ts';
import { asFailure } from './failure.ts';
import { elapsed, isSpent, needsRefresh, type Moment } from './freshness.ts';
import { backoff } from './retry.ts';
import type { Solution, SolverParameters } from './solver.ts';
import type { Challenge } from './wire.ts';

/** Called with the number of hashes tried so far. */
type OnTried = (tried: number) => void;

/** What the keeper needs from the page. */
export interface KeeperPorts {
  fetchChallenge(): Promise<Challenge>;
  solve(parameters: SolverParameters, onTried: OnTried): Promise<Solution>;
  now(): Moment;
}

interface Solved {
  readonly altcha: string;
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
  #onTried: OnTried = () => {};
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

  /** The encoded solution for a vote, waiting for it where need be. Rejects with `ApiFailure` or the solver's error. */
  async take(onTried: OnTried = () => {}): Promise<string> {
    this.#held = true;
    this.#onTried = onTried;
    if (this.#ready && isSpent(this.#ready.validSeconds, this.#age(this.#ready))) this.#ready = undefined;
    const { altcha } = this.#ready ?? (await this.#obtain());
    return altcha;
  }

  /** Drops the challenge, used or refused, and begins with the next one. */
  renew(): void {
    this.#ready = undefined;
    this.#held = false;
    this.#onTried = () => {};
    this.#failures = 0;
    this.keepFresh();
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
    const solution = await this.#ports.solve(challenge.parameters, (tried) => this.#onTried(tried));
    return { altcha: encodeSolved(challenge, solution), validSeconds: challenge.validoPor, since };
  }

  #noteFailure(error: unknown): void {
    this.#failures++;
    this.#failedAt = this.#ports.now();
    this.#pause = backoff(this.#failures, asFailure(error).retryAfter, Math.random());
  }
}
