import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';

import type { RecordedEvent } from '#domain';

import { asRead } from '../as-read.ts';
import { BatchBuilder } from './event-batch.ts';
import type { RecountAnswer, RecountOrder, RecountRequest } from './recount.worker.ts';
import type { CountedPoll, SqlResult } from './sql-recount.ts';

/** Events of an order: waking a thread takes as long as counting some of them. */
const EVENTS_AT_ONCE = 4096;
/** Orders that may wait: what reads waits when the thread falls behind. */
const MAX_WAITING = 4;

/** A recount in SQL in a thread of its own: it is about as much work as all the rest of an audit. */
export class SqlRecountThread {
  private readonly worker: Worker;
  private upTo = -1n;
  private gathered = 0;
  private batch = new BatchBuilder();
  private waiting = 0;
  private answer: RecountAnswer = 'done';
  private failure: Error | undefined;
  private answered = Promise.withResolvers<void>();

  /**
   * @param stream the ballot box
   * @param file of a SQLite log, whose box is counted where it is
   */
  constructor(
    stream: string,
    private readonly file?: string,
  ) {
    const workerData: RecountRequest = { stream, file };
    const script = `recount.worker${extname(import.meta.filename)}`;
    this.worker = new Worker(new URL(script, import.meta.url), { workerData });
    this.worker
      .on('message', (answer: RecountAnswer) => this.note(answer))
      .on('error', (error: Error) => this.fail(error));
  }

  /** Takes the next event of the box. */
  add(event: RecordedEvent): void {
    this.gathered++;
    if (this.file === undefined) this.batch.add(asRead(event));
    else this.upTo = event.revision;
  }

  /**
   * Hands on what was gathered, once it is enough to be worth it.
   * @throws what the recount failed of, such as a full disk
   */
  async flush(): Promise<void> {
    if (this.gathered >= EVENTS_AT_ONCE) this.handOn();
    while (this.waiting > MAX_WAITING) await this.nextAnswer();
  }

  /**
   * What all of them count as in their poll.
   * @param before a revision: see `expiryBefore`
   * @throws what the recount failed of
   */
  async result(poll?: CountedPoll, before = 0n): Promise<SqlResult> {
    this.handOn();
    this.post({ resultOf: poll, before });
    while (this.waiting > 0) await this.nextAnswer();
    return this.answer as SqlResult;
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }

  private handOn(): void {
    if (this.gathered === 0) return;
    this.gathered = 0;
    if (this.file !== undefined) return this.post({ upTo: this.upTo });
    const batch = this.batch.build();
    this.batch = new BatchBuilder();
    this.post({ batch }, batch.bytes.buffer);
  }

  private post(order: RecountOrder, ...transfer: ArrayBuffer[]): void {
    this.waiting++;
    this.worker.postMessage(order, transfer);
  }

  private async nextAnswer(): Promise<void> {
    if (this.failure !== undefined) throw this.failure;
    this.answered = Promise.withResolvers();
    await this.answered.promise;
  }

  private note(answer: RecountAnswer): void {
    this.answer = answer;
    this.waiting--;
    this.answered.resolve();
  }

  private fail(error: Error): void {
    this.failure = error;
    this.answered.resolve();
  }
}
