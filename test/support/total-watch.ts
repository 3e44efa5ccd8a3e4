import { setTimeout as delay } from 'node:timers/promises';

import type { Total } from '../../libs/contract/index.ts';
import type { Client } from './client.ts';

const PAUSE_MS = 15;

/** Asks for `/total` all the time, as a wall of monitors would, and keeps what must never be seen. */
export class TotalWatch {
  /** Answers so far. */
  answers = 0;
  /** What was wrong with an answer. */
  readonly faults: string[] = [];
  private last: Total | undefined;
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
      try {
        await this.ask();
      } catch (error) {
        // a missing answer is a fault like a wrong one, and this never rejects: nobody may be waiting for it yet
        this.faults.push(String(error));
      }
      await delay(PAUSE_MS);
    }
  }

  private async ask(): Promise<void> {
    const { status, json, text } = await this.client.get('/total', this.client.basic('producao'));
    this.answers++;
    if (status === 200) this.check(json as Total);
    else this.faults.push(`${status} ${text}`);
  }

  /** Nothing decreases, and what belongs together adds up. */
  private check(total: Total): void {
    for (const field of ['total', 'revisao'] as const) {
      const before = Number(this.last?.[field] ?? 0);
      if (Number(total[field]) < before) this.faults.push(`${field} went from ${before} to ${total[field]}`);
    }
    for (const [index, { votos }] of total.por_participante.entries()) {
      const before = this.last?.por_participante[index]?.votos ?? 0;
      if (votos < before) this.faults.push(`participant ${index + 1} went from ${before} to ${votos}`);
    }
    const votes = total.por_participante.reduce((sum, { votos }) => sum + votos, 0);
    const hours = total.por_hora.reduce((sum, hour) => sum + hour.total, 0);
    const addsUp = votes === total.total && hours === total.total;
    if (!addsUp) this.faults.push(`does not add up: ${JSON.stringify(total)}`);
    this.last = total;
  }
}
