import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';

import type { RecordedEvent } from '#domain';

import {
  type AppendResult,
  EventLogUnavailableError,
  type ExpectedRevision,
  type Head,
  type NewEvent,
  WrongExpectedRevisionError,
} from '../event-log.ts';
import type { LogWriter, Stored } from './log-writer.ts';
import { pack } from './packed-batch.ts';
import type { WriterAnswer, WriterOrder } from './writer.worker.ts';

const SCRIPT = new URL(`writer.worker${extname(import.meta.filename)}`, import.meta.url);
/** A thread that hangs in a write does not hold up the stop of the process for longer, ms. */
const CLOSE_LIMIT_MS = 5000;

interface Pending {
  readonly stream: string;
  readonly events: readonly NewEvent[];
  readonly expected: ExpectedRevision;
  readonly resolve: (stored: Stored) => void;
  readonly reject: (error: Error) => void;
}

/** The events of an append that just ended the log. */
function recordedAs(
  stream: string,
  events: readonly NewEvent[],
  last: AppendResult,
  recordedAt: number,
): RecordedEvent[] {
  let position = last.position - BigInt(events.length);
  let revision = last.revision - BigInt(events.length);
  return events.map(({ id, type, version, data }) => {
    return { stream, revision: ++revision, position: ++position, recordedAt, id, type, version, data };
  });
}

/**
 * A `SqliteWriter` in a thread of its own: while it waits for the disk, this one goes on to serve requests. A thread that
 * dies leaves the outcome of its appends unknown; the next append starts another one.
 */
export class WriterThread implements LogWriter {
  private worker: Worker | undefined;
  /** In the order in which the thread answers. */
  private pending: Pending[] = [];

  /** @param end of the log that is in the file now */
  constructor(
    private readonly path: string,
    private end: Head,
  ) {
    this.worker = this.start();
  }

  append(stream: string, events: readonly NewEvent[], expected: ExpectedRevision): Promise<Stored> {
    return new Promise((resolve, reject) => {
      this.worker ??= this.start();
      if (this.pending.length === 0) this.worker.ref();
      this.pending.push({ stream, events, expected, resolve, reject });
      const batch = pack(events);
      const order: WriterOrder = { stream, expected, batch, now: Date.now() };
      this.worker.postMessage(order, [batch.data.buffer]);
    });
  }

  head(): Head {
    return this.end;
  }

  async close(): Promise<void> {
    const { worker } = this;
    if (worker === undefined) return;
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    worker.ref();
    worker.postMessage('close' satisfies WriterOrder);
    const timer = setTimeout(() => void worker.terminate(), CLOSE_LIMIT_MS);
    await ended;
    clearTimeout(timer);
  }

  private start(): Worker {
    const worker = new Worker(SCRIPT, { workerData: this.path });
    // waiting for orders keeps no process alive
    worker.unref();
    let reason = 'it was ended';
    return worker
      .on('message', (answer: WriterAnswer) => this.settle(worker, answer))
      .on('error', (error: Error) => (reason = error.message))
      .on('exit', () => this.fail(worker, reason));
  }

  private settle(worker: Worker, answer: WriterAnswer): void {
    const { stream, events, expected, resolve, reject } = this.pending.shift()!;
    if (this.pending.length === 0) worker.unref();
    if ('failure' in answer) return reject(new EventLogUnavailableError(answer.failure));
    if ('actual' in answer) return reject(new WrongExpectedRevisionError(stream, expected, answer.actual));
    const { result, end, isNew } = answer;
    this.end = end;
    resolve({ result, recorded: isNew ? recordedAs(stream, events, result, end.recordedAt) : [] });
  }

  /** Whatever the thread had on its way may be stored, or not. */
  private fail(worker: Worker, reason: string): void {
    if (this.worker === worker) this.worker = undefined;
    for (const { reject } of this.pending.splice(0)) {
      reject(new EventLogUnavailableError(`the writer of the event log ended: ${reason}`));
    }
  }
}
