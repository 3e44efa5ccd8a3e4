import { expect } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';

import type { Client } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';

const LIMIT_MS = 120_000;
const RETRY_MS = 500;
const TAKEN = 201;
const UNAVAILABLE = 503;

/** A poll that is voted in through nginx; it knows how many votes were acknowledged. */
export class Poll {
  private votes = 0;

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
    const send = async (): Promise<number> => {
      altcha ??= await this.client.solved();
      const { status } = await this.client.vote(participant, altcha);
      // of keys that are no longer valid
      if (status !== TAKEN && status < UNAVAILABLE) altcha = undefined;
      return status;
    };
    await eventually(
      async () => {
        const status = await send().catch(String);
        if (status !== TAKEN) await delay(RETRY_MS);
        return status;
      },
      (status) => status === TAKEN,
      LIMIT_MS,
    );
    this.votes++;
  }

  /** Waits for the read model, which is a moment behind. */
  async expectEveryVote(): Promise<void> {
    const total = async (): Promise<unknown> => ((await this.client.total()) as { total: number }).total;
    await eventually(
      () => total().catch(String),
      (counted) => counted === this.votes,
      LIMIT_MS,
    );
  }
}
