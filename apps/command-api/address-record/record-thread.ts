import { once } from 'node:events';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';

import type { AddressCounts } from './address-table.ts';

/** What is to be written, and where. */
export interface RecordOrder {
  readonly directory: string;
  readonly name: string;
  readonly counts: AddressCounts;
}

/**
 * Writes a record while this thread goes on.
 * @throws what the file system throws, or that it took longer than the limit
 */
export async function writeInThread({ directory, name, counts }: RecordOrder, limitMs: number): Promise<void> {
  const { size, addresses, requests, refusals, others } = counts;
  // the lists are shared, not copied
  const workerData: RecordOrder = { directory, name, counts: { size, addresses, requests, refusals, others } };
  const worker = new Worker(new URL(`record.worker${extname(import.meta.filename)}`, import.meta.url), { workerData });
  try {
    await once(worker, 'exit', { signal: AbortSignal.timeout(limitMs) });
  } finally {
    await worker.terminate();
  }
}
