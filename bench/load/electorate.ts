import { Histogram } from '../lib/histogram.ts';
import { type AcknowledgedVote, RefusedError, type SolvedChallenge, type Voter } from '../lib/voter.ts';
import type { PollLink } from '../lib/poll-link.ts';
import { arrivals, asTheyCome } from './arrivals.ts';

const SHARE_OF_FIRST = 0.55;

export interface ElectorateOptions {
  /** Votes a second. */
  readonly rate: number;
  /** s */
  readonly duration: number;
  readonly addresses: number;
  /** How many take part in the poll: 2 if not given. */
  readonly participants?: number;
  /** Of the rehearsal that is voted in; without it, the poll on air. */
  readonly link?: PollLink;
}

/** The link of these options, for a voter. */
export const linkOf = ({ link }: ElectorateOptions): { link?: PollLink } => (link === undefined ? {} : { link });

/** One voter of a run. */
export interface Visit {
  /** When the voter means to begin, on the clock of `performance`. */
  readonly at: number;
  /** Of the visits of this run, from 0. */
  readonly number: number;
}

/**
 * People who vote at a given rate, whatever the answers do: an open loop. Waiting counts from the moment a voter meant to
 * act, so that a slow server cannot hide behind a slow generator.
 */
export abstract class Electorate {
  /** Ids of the votes that were acknowledged → participant. */
  readonly acknowledged = new Map<string, number>();
  /** From the tap to the acknowledgement, tries included. */
  readonly latency = new Histogram();
  /** How late the generator got round to a voter: what it adds itself. */
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
  /** Votes that were begun and not answered yet. */
  inFlight = 0;

  /** @param leadMs how long before its tap a voter is there */
  protected constructor(
    protected readonly options: ElectorateOptions,
    private readonly leadMs: number,
    private readonly onAcknowledged: (vote: AcknowledgedVote) => void = () => undefined,
  ) {}

  /** Resolves when everybody has voted and has an answer, or gave up; at once when the signal says that nobody will answer. */
  async run(gone?: AbortSignal): Promise<void> {
    const start = performance.now() + this.leadMs;
    const visits = new Set<Promise<void>>();
    let number = 0;
    for await (const at of asTheyCome(arrivals(this.options.rate, this.options.duration), start - this.leadMs, gone)) {
      const visit = this.visitOrFail({ at: start + at, number: number++ }).finally(() => visits.delete(visit));
      visits.add(visit);
    }
    await unlessAborted(Promise.all(visits), gone);
    this.elapsed = (performance.now() - start) / 1000;
  }

  /** What one voter does, from `leadMs` before its tap on. @throws RefusedError when it gives up */
  protected abstract visit(visit: Visit): Promise<void>;

  /** The voter taps. @param since when it meant to */
  protected async cast(voter: Voter, challenge: SolvedChallenge, address: string, since: number): Promise<void> {
    const vote = await voter.vote(challenge, favouriteOf(this.options.participants), address);
    this.latency.record(performance.now() - since);
    this.acknowledged.set(vote.id, vote.participant);
    if (vote.repeated) this.repeated++;
    this.onAcknowledged(vote);
  }

  protected refused({ code }: RefusedError): void {
    increment(this.refusals, code);
  }

  private async visitOrFail(visit: Visit): Promise<void> {
    try {
      await this.visit(visit);
    } catch (error) {
      increment(this.failures, error instanceof RefusedError ? error.code : String(error));
    }
  }
}

/** Resolves when the work is done, or at once when the signal says that it never will be. */
async function unlessAborted(work: Promise<unknown>, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted === true) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  signal?.addEventListener('abort', () => resolve());
  await Promise.race([work, promise]);
}

/** Most vote for the first one, the others for any of those who are left. */
const favouriteOf = (participants = 2): number =>
  Math.random() < SHARE_OF_FIRST ? 1 : 2 + Math.floor(Math.random() * (participants - 1));

function increment(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
