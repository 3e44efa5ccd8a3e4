import { encodeSolved } from './encode-solved.ts';
import type { HumanProof } from './voter-api.ts';
import { ApiFailure, asFailure } from '../shared/failure.ts';
import { elapsed, isSpent, needsRefresh, type Moment } from './freshness.ts';
import { backoff } from '../shared/retry.ts';
import { type KeptChallenge, momentOf } from './kept-challenge.ts';
import type { Solution } from './solver.ts';
import type { CaptchaRequest, Challenge } from '#contract';

/** Called with the share of the work that is done, 0–1, and whether it is more work because this network asks for much. */
export type OnDone = (done: number, crowded: boolean) => void;

/** What the keeper needs from the page. */
export interface KeeperPorts {
  fetchChallenge(): Promise<Challenge>;
  solve(parameters: Challenge['parameters'], onTried: (tried: number) => void): Promise<Solution>;
  /** Resolves with the token of the widget that the server named, undefined when it gives none. */
  askCaptcha(request: CaptchaRequest): Promise<string | undefined>;
  now(): Moment;
  /** What the tab kept from before the page was loaded. */
  kept(): KeptChallenge | undefined;
  keep(kept: KeptChallenge | undefined): void;
}

interface Issued {
  readonly challenge: Challenge;
  readonly since: Moment;
}

type Solved = Issued & { readonly altcha: string };

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
  /** The newest challenge, as the tab keeps it. */
  #kept: KeptChallenge | undefined;

  constructor(ports: KeeperPorts) {
    this.#ports = ports;
    this.#restore();
  }

  /** Fetches and solves in the background what is missing or will expire soon. Never throws; backs off after failures. */
  keepFresh(): void {
    if (this.#held || this.#pending) return;
    if (this.#ready && !needsRefresh(this.#ready.challenge.valido_por_segundos, this.#age(this.#ready))) return;
    if (this.#failures > 0 && elapsed(this.#failedAt, this.#ports.now()) < this.#pause) return;
    this.#obtain().catch(() => {});
  }

  /** What a vote is sent with, waiting for it where need be. Rejects with `ApiFailure` or the solver's error. */
  async take(onDone: OnDone = () => {}): Promise<HumanProof> {
    this.#held = true;
    this.#onDone = onDone;
    if (this.#ready && this.#isSpent(this.#ready)) this.#drop();
    const { altcha, challenge, since } = this.#ready ?? (await this.#obtain());
    if (challenge.captcha) this.#token ??= await this.#ports.askCaptcha(challenge.captcha);
    const token = this.#token;
    this.#keep({ challenge, since: since.wall, altcha, ...(token !== undefined && { token }) });
    return token === undefined ? { altcha } : { altcha, captcha: token };
  }

  /** Names the challenge that the tab keeps; undefined without one. */
  get nonce(): string | undefined {
    return this.#kept?.challenge.parameters.nonce;
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
    this.#keep(undefined);
  }

  #keep(kept: KeptChallenge | undefined): void {
    this.#kept = kept;
    this.#ports.keep(kept);
  }

  #restore(): void {
    this.#kept = this.#ports.kept();
    const issued = this.#issued();
    if (issued === undefined) return this.#keep(undefined);
    const { altcha, token } = this.#kept!;
    this.#token = token;
    if (altcha !== undefined) this.#ready = { ...issued, altcha };
  }

  /** The kept challenge, while it is good for a vote. */
  #issued(): Issued | undefined {
    if (this.#kept === undefined) return undefined;
    const { challenge, since } = this.#kept;
    const issued = { challenge, since: momentOf(since, this.#ports.now()) };
    return this.#isSpent(issued) ? undefined : issued;
  }

  #age({ since }: Issued): number {
    return elapsed(since, this.#ports.now());
  }

  #isSpent(issued: Issued): boolean {
    return isSpent(issued.challenge.valido_por_segundos, this.#age(issued));
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
    const issued = await this.#unsolved();
    const { challenge } = issued;
    const { parameters, rede_movimentada: crowded = false } = challenge;
    const most = parameters.data.dificuldade;
    const onTried = (tried: number) => this.#onDone(Math.min(tried / most, 1), crowded);
    const solution = await this.#ports.solve(parameters, onTried);
    const altcha = encodeSolved(challenge, solution);
    if (this.#kept?.challenge === challenge) this.#keep({ ...this.#kept, altcha });
    return { ...issued, altcha };
  }

  /** The kept challenge, if it is not solved yet, or another. */
  async #unsolved(): Promise<Issued> {
    const issued = this.#kept?.altcha === undefined ? this.#issued() : undefined;
    if (issued !== undefined) return issued;
    const since = this.#ports.now();
    const challenge = await this.#ports.fetchChallenge();
    // a held one may be on its way: that is the one to be repeated
    if (!this.#held || !this.#ready) this.#keep({ challenge, since: since.wall });
    return { challenge, since };
  }

  #noteFailure(error: unknown): void {
    // what cannot be solved is not tried again
    if (!(error instanceof ApiFailure) && this.#kept?.altcha === undefined) this.#keep(undefined);
    this.#failures++;
    this.#failedAt = this.#ports.now();
    this.#pause = backoff(this.#failures, asFailure(error).retryAfter, Math.random());
  }
}
