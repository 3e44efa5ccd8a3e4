import { parentPort, workerData } from 'node:worker_threads';

import { type EventBatch, unpack } from './event-batch.ts';
import { type CountedPoll, SqlRecount, type SqlResult } from './sql-recount.ts';

/** What the thread counts: the box of a log's file, or what it is given. */
export interface RecountRequest {
  readonly stream: string;
  readonly file: string | undefined;
}

/** What it does next. */
export type RecountOrder =
  | { readonly upTo: bigint }
  | { readonly batch: EventBatch }
  | { readonly resultOf: CountedPoll | undefined; readonly before: bigint };

/** What it says when it has done it. */
export type RecountAnswer = SqlResult | 'done';

const { stream, file } = workerData as RecountRequest;
const sql = new SqlRecount(stream, file);

function obey(order: RecountOrder): RecountAnswer {
  if ('resultOf' in order) return sql.result(order.resultOf, order.before);
  if ('upTo' in order) sql.addUpTo(order.upTo);
  else for (const event of unpack(order.batch)) sql.add(event);
  return 'done';
}

parentPort?.on('message', (order: RecountOrder) => parentPort?.postMessage(obey(order)));
