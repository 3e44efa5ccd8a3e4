import { setTimeout as delay } from 'node:timers/promises';

import { HttpPool } from '../../bench/lib/http-pool.ts';
import { RefusedError, Voter, addressOf } from '../../bench/lib/voter.ts';
import type { Random } from './random.ts';

/**
 * More than enough to sit out twenty restarts in a row on a slow machine: a refused request is sent again after one or two seconds.
 * Who gives up earlier says nothing of the service.
 */
const ATTEMPTS = 200;
/** Between the votes of one voter, ms: a crowd, not a benchmark. */
const PAUSE_MS = 5;

/**
 * Voters who vote again and again, as the page does: after a refusal or a lost connection with the same challenge, and with a new
 * one when that has expired. Every second
 * one comes on a new connection for each vote, as in prime time; the others keep theirs.
 */
export class Crowd {
  /** Votes the voters were told are stored, by id, with their participant. */
  readonly acknowledged = new Map<string, number>();
  /** What they were given with it. */
  readonly receipts: string[] = [];
  /** How often an attempt was refused or lost, by code. */
  readonly refusals: Record<string, number> = {};
  private readonly url: URL;
  private readonly pool: HttpPool;
  private readonly voting: Promise<void>[];
  private active = true;

  constructor(
    port: number,
    size: number,
    random: Random,
    private readonly pauseMs = PAUSE_MS,
  ) {
    this.url = new URL(`http://127.0.0.1:${String(port)}`);
    this.pool = new HttpPool(this.url, size);
    this.voting = Array.from({ length: size }, (_, index) => this.keepVoting(index, random));
    // who gives up is heard of in `end`; a spec that failed before it must not fail the next one as well
    void Promise.allSettled(this.voting);
  }

  /** Resolves when this many more votes are acknowledged. */
  async voted(more: number): Promise<void> {
    const target = this.acknowledged.size + more;
    while (this.acknowledged.size < target) await delay(PAUSE_MS);
  }

  /** No more votes; resolves when the last ones have their answer. */
  async end(): Promise<void> {
    this.active = false;
    await Promise.all(this.voting);
    this.pool.close();
  }

  private async keepVoting(index: number, random: Random): Promise<void> {
    while (this.active) {
      const pool = index % 2 === 0 ? this.pool : new HttpPool(this.url, 1);
      await this.voteOnce(this.voterOn(pool), addressOf(random.below(2 ** 24) + index), 1 + random.below(2));
      if (pool !== this.pool) pool.close();
      await delay(this.pauseMs);
    }
  }

  private async voteOnce(voter: Voter, address: string, choice: number): Promise<void> {
    const challenge = await voter.challenge(address);
    try {
      const { id, participant, receipt } = await voter.vote(challenge, choice, address);
      this.acknowledged.set(id, participant);
      if (receipt !== undefined) this.receipts.push(receipt);
    } catch (error) {
      if (!(error instanceof RefusedError) || error.code !== 'human-check-expired') throw error;
    }
  }

  private voterOn(pool: HttpPool): Voter {
    const onRefusal = ({ code }: RefusedError): void => {
      this.refusals[code] = (this.refusals[code] ?? 0) + 1;
    };
    return new Voter(pool, { attempts: ATTEMPTS, onRefusal });
  }
}
