import { expect } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';

import type { Client } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';

const LIMIT_MS = 120_000;
const RETRY_MS = 500;
/** The page gives up on an answer after that, too. */
const ANSWER_LIMIT_MS = 12_000;
/** Stored now, or by a try whose answer was lost. */
const TAKEN = [201, 200];
const UNAVAILABLE = 503;

const isTaken = (status: number): boolean => TAKEN.includes(status);

/** A poll that is voted in through nginx; it knows how many votes were acknowledged. */
export class Poll {
  private votes = 0;
  /** Votes that were given up after a try which had no answer: any of them may count. */
  private unheard = 0;

  private constructor(private readonly client: Client) {}

  static async open(client: Client): Promise<Poll> {
    // nginx answers before it has found the others
    for (const path of ['/desafio', '/resultado'])
      await eventually(
        () => client.get(path),
        ({ status }) => status < UNAVAILABLE,
        LIMIT_MS,
      );
    const poll = { titulo: 'Quem sai?', participantes: [{ nome: 'Ana' }, { nome: 'Bia' }] };
    const { status, text } = await client.admin('POST', '/paredoes', poll);
    expect({ status, text }).toMatchObject({ status: 201 });
    return new Poll(client);
  }

  /** As the voter's page does it: a vote that is not taken now, or not answered, is sent again, and counts once. */
  async vote(participant = 1): Promise<void> {
    let altcha: string | undefined;
    let isUnheard = false;
    const send = async (): Promise<number> => {
      const signal = AbortSignal.timeout(ANSWER_LIMIT_MS);
      altcha ??= await this.client.solved(signal);
      const { status } = await this.client.vote(participant, altcha, signal);
      // of keys that are no longer valid
      if (!isTaken(status) && status < UNAVAILABLE) {
        altcha = undefined;
        if (isUnheard) this.unheard++;
      }
      isUnheard = altcha !== undefined && (isUnheard || status >= UNAVAILABLE);
      return status;
    };
    await eventually(
      async () => {
        const status = await send().catch(() => {
          // without a solution nothing was sent
          isUnheard ||= altcha !== undefined;
          return UNAVAILABLE;
        });
        if (!isTaken(status)) await delay(RETRY_MS);
        return status;
      },
      isTaken,
      LIMIT_MS,
    );
    this.votes++;
  }

  /** A vote that is taken at the first try. */
  async voteAtOnce(): Promise<void> {
    await this.client.cast(1);
    this.votes++;
  }

  /**
   * Votes go on while something happens.
   * @returns the longest time from one acknowledged vote to the next, in s
   */
  async goesOn(happening: Promise<unknown>): Promise<number> {
    let isOver = false;
    let longest = 0;
    const voting = async (): Promise<void> => {
      for (let last = performance.now(); !isOver; last = performance.now()) {
        await this.vote();
        longest = Math.max(longest, performance.now() - last);
        await delay(RETRY_MS);
      }
    };
    await Promise.all([voting(), happening.finally(() => (isOver = true))]);
    return longest / 1000;
  }

  /** So many votes of others were acknowledged, and so many are counted in all: some may have had no answer. */
  othersVoted(acknowledged: number, counted: number): void {
    expect(acknowledged).toBeGreaterThan(0);
    expect(counted).toBeGreaterThanOrEqual(this.votes + acknowledged);
    this.votes = counted;
  }

  /** Every vote that was acknowledged counts, and none but those whose answer was lost. Waits for the read model, which is a moment behind. */
  async expectEveryVote(): Promise<void> {
    const { votes: acknowledged, unheard } = this;
    const total = async (): Promise<number> => ((await this.client.total()) as { total: number }).total;
    const { counted } = await eventually(
      async () => ({ acknowledged, unheard, counted: await total().catch(() => -1) }),
      ({ counted }) => counted >= acknowledged && counted <= acknowledged + unheard,
      LIMIT_MS,
    );
    [this.votes, this.unheard] = [counted, 0];
  }
}
