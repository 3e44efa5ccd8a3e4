import { Histogram } from '../lib/histogram.ts';
import { type HttpPool } from '../lib/http-pool.ts';
import { type AcknowledgedVote, RefusedError, type SolvedChallenge, Voter, addressOf } from '../lib/voter.ts';
import { arrivals } from './arrivals.ts';

/** A page takes its challenge this long before the voter taps, ms. */
const PREPARATION_MS = 2000;
const TICK_MS = 1;
const ATTEMPTS = 5;
const SHARE_OF_FIRST = 0.55;

export interface ElectorateOptions {
  /** Votes a second. */
  readonly rate: number;
  /** s */
  readonly duration: number;
  readonly addresses: number;
}

interface Tap {
  /** When the voter taps, on the clock of `performance`. */
  readonly at: number;
  readonly address: string;
  readonly challenge: Promise<SolvedChallenge | undefined>;
}

/**
 * People who vote at a given rate, whatever the answers do: an open loop. Each takes a challenge of its own, and its
 * waiting time counts from the moment it meant to tap, so that a slow server cannot hide behind a slow generator.
 */
export class Electorate {
  /** Ids of the votes that were acknowledged → participant. */
  readonly acknowledged = new Map<string, number>();
  /** From the tap to the acknowledgement, tries included. */
  readonly latency = new Histogram();
  /** From the tap until the generator got round to it: what the generator itself adds. */
  readonly lateness = new Histogram();
  /** Code → how often a request was refused with it, or lost, tries included. */
  readonly refusals = new Map<string, number>();
  /** Code → votes that were given up for it. */
  readonly failures = new Map<string, number>();
  /** Answers that said the vote was stored before: their first answer was lost. */
  repeated = 0;
  sent = 0;
  /** s from the first tap to the last answer. */
  elapsed = 0;

  private readonly voter: Voter;
  private open = 0;

  constructor(
    pool: HttpPool,
    private readonly options: ElectorateOptions,
    private readonly onAcknowledged: (vote: AcknowledgedVote) => void = () => undefined,
  ) {
    this.voter = new Voter(pool, { attempts: ATTEMPTS, onRefusal: ({ code }) => increment(this.refusals, code) });
  }

  /** Votes that were begun and not answered yet. */
  get inFlight(): number {
    return this.open;
  }

  /** Resolves when everybody has voted and has an answer, or gave up; at once when the signal says that nobody will answer. */
  async run(gone?: AbortSignal): Promise<void> {
    const start = performance.now() + PREPARATION_MS;
    const coming = arrivals(this.options.rate, this.options.duration)[Symbol.iterator]();
    const prepared: Tap[] = [];
    const votes = new Set<Promise<void>>();
    let next = coming.next();
    let number = 0;
    while ((next.done !== true || prepared.length > 0) && gone?.aborted !== true) {
      const now = performance.now();
      for (; next.done !== true && start + next.value - PREPARATION_MS <= now; next = coming.next()) {
        prepared.push(this.prepare(start + next.value, number++));
      }
      while (prepared[0] !== undefined && prepared[0].at <= now) {
        const vote = this.vote(prepared.shift()!).finally(() => votes.delete(vote));
        votes.add(vote);
      }
      await new Promise((resolve) => setTimeout(resolve, TICK_MS));
    }
    await unlessAborted(Promise.all(votes), gone);
    this.elapsed = (performance.now() - start) / 1000;
  }

  private prepare(at: number, number: number): Tap {
    const address = addressOf(number % this.options.addresses);
    const challenge = this.voter.challenge(address).catch((error: unknown) => {
      this.fail(error);
      return undefined;
    });
    return { at, address, challenge };
  }

  private async vote({ at, address, challenge }: Tap): Promise<void> {
    this.lateness.record(performance.now() - at);
    this.sent++;
    const solved = await challenge;
    if (solved === undefined) return;
    this.open++;
    try {
      const vote = await this.voter.vote(solved, Math.random() < SHARE_OF_FIRST ? 1 : 2, address);
      this.latency.record(performance.now() - at);
      this.acknowledged.set(vote.id, vote.participant);
      if (vote.repeated) this.repeated++;
      this.onAcknowledged(vote);
    } catch (error) {
      this.fail(error);
    } finally {
      this.open--;
    }
  }

  private fail(error: unknown): void {
    increment(this.failures, error instanceof RefusedError ? error.code : String(error));
  }
}

/** Resolves when the work is done, or at once when the signal says that it never will be. */
async function unlessAborted(work: Promise<unknown>, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted === true) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  signal?.addEventListener('abort', () => resolve());
  await Promise.race([work, promise]);
}

function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
