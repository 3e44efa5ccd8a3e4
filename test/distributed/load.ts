import { setTimeout as delay } from 'node:timers/promises';

import type { InvariantResult } from '../../bench/lib/invariant.ts';
import { Crowd } from '../support/crowd.ts';
import { Random } from '../support/random.ts';
import type { Stack } from './stack.ts';

/** With these some 200 votes a second. */
const VOTERS = 40;
const VOTER_PAUSE_MS = 150;
const READER_PAUSE_MS = 100;
/** Votes after a fault that show that all is well. */
const VOTES_AFTER = 2 * VOTERS;

/** A poll of its own with people who vote and look at the result through nginx, whatever happens behind it. */
export class Load {
  /** How often readers were answered with which status. */
  readonly reads: Record<number, number> = {};
  private readonly reading: Promise<void>;
  private active = true;
  private isOver = false;

  private constructor(
    private readonly stack: Stack,
    readonly pollId: string,
    readonly crowd: Crowd,
  ) {
    this.reading = this.keepReading();
    // a failure is heard of in `end`; a spec that failed before it must not fail the next one as well
    void this.reading.catch(() => {});
  }

  /** Resolves when it is under way. */
  static async start(stack: Stack): Promise<Load> {
    const pollId = await stack.openPoll();
    const crowd = new Crowd(stack.nginx.port, VOTERS, new Random(Number(pollId)), VOTER_PAUSE_MS);
    await crowd.voted(VOTERS);
    return new Load(stack, pollId, crowd);
  }

  /** Votes that were acknowledged so far. */
  get votes(): number {
    return this.crowd.acknowledged.size;
  }

  /** Some more votes, the last answers, and then the invariant; afterwards the poll is closed. */
  async end(): Promise<InvariantResult> {
    await this.crowd.voted(VOTES_AFTER);
    await this.crowd.end();
    this.active = false;
    await this.reading;
    const result = await this.stack.expectExact(this.crowd.acknowledged, this.pollId);
    await this.stack.closePoll(this.pollId);
    this.isOver = true;
    return result;
  }

  /** No more votes and no more questions, and the poll is closed, also after a failure, which is not heard of here. */
  async stop(): Promise<void> {
    if (this.isOver) return;
    this.active = false;
    await Promise.allSettled([this.crowd.end(), this.reading]);
    await this.stack.client.admin('POST', `/paredoes/${this.pollId}/encerrar`).catch(() => undefined);
  }

  private async keepReading(): Promise<void> {
    while (this.active) {
      const { status } = await this.stack.client.get('/resultado');
      this.reads[status] = (this.reads[status] ?? 0) + 1;
      await delay(READER_PAUSE_MS);
    }
  }
}
