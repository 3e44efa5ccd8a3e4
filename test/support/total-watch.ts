import { setTimeout as delay } from 'node:timers/promises';

import type { Client, Json } from './client.ts';

const PAUSE_MS = 15;

/** Asks for `/total` all the time, as a wall of monitors would, and keeps what must never be seen. */
export class TotalWatch {
  /** Answers so far. */
  answers = 0;
  /** What was wrong with an answer. */
  readonly faults: string[] = [];
  private last: Json;
  private readonly watching: Promise<void>;
  private active = true;

  constructor(private readonly client: Client) {
    this.watching = this.keepAsking();
  }

  /** Resolves when the last answer is in. */
  async end(): Promise<void> {
    this.active = false;
    await this.watching;
  }

  private async keepAsking(): Promise<void> {
    while (this.active) {
      const { status, json, text } = await this.client.get('/total', this.client.basic('producao'));
      this.answers++;
      if (status === 200) this.check(json);
      else this.faults.push(`${status} ${text}`);
      await delay(PAUSE_MS);
    }
  }

  /** Nothing decreases, and what belongs together adds up. */
  private check(total: Json): void {
    for (const field of ['total', 'voto_1', 'voto_2', 'revisao']) {
      if (Number(total[field]) < Number(this.last?.[field] ?? 0))
        this.faults.push(`${field} went from ${this.last[field]} to ${total[field]}`);
    }
    const hours = (total.por_hora as Json[]).reduce((sum, hour) => sum + Number(hour.total), 0);
    if (total.voto_1 + total.voto_2 !== total.total || hours !== total.total) this.faults.push(`does not add up: ${JSON.stringify(total)}`);
    this.last = total;
  }
}
