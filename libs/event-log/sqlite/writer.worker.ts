import { parentPort, workerData } from 'node:worker_threads';

import { type AppendResult, type ExpectedRevision, type Head, WrongExpectedRevisionError } from '../event-log.ts';
import { type PackedBatch, unpack } from './packed-batch.ts';
import { SqliteWriter } from './sqlite-writer.ts';

/** An append, and the time (ms since the epoch) at which it was asked for. */
interface AppendOrder {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly batch: PackedBatch;
  readonly now: number;
}

/** What the thread does next. */
export type WriterOrder = AppendOrder | 'close';

/** Where the append and the log end, or why there is no append. `isNew`: it was not stored before. */
export type WriterAnswer =
  | { readonly result: AppendResult; readonly end: Head; readonly isNew: boolean }
  | { readonly actual: bigint }
  | { readonly failure: string };

/** The path of the file. */
const writer = new SqliteWriter(workerData as string);

function obey({ stream, expected, batch, now }: AppendOrder): WriterAnswer {
  try {
    const { result, recorded } = writer.append(stream, unpack(batch), expected, now);
    return { result, end: writer.head(), isNew: recorded.length > 0 };
  } catch (error) {
    if (error instanceof WrongExpectedRevisionError) return { actual: error.actual };
    return { failure: (error as Error).message };
  }
}

parentPort?.on('message', (order: WriterOrder) => {
  if (order !== 'close') return parentPort?.postMessage(obey(order));
  writer.close();
  parentPort?.close();
});
