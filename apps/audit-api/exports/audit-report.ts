import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import type { Environment } from '#platform';
import type { Places } from '#platform/stores';

/** What the thread is told. */
export interface ReportRequest {
  readonly places: Places;
  readonly pollId: string;
}

/** What it answers: the page, or why there is none. */
export type ReportAnswer = { readonly html: string } | { readonly message: string; readonly code: string | undefined };

/**
 * The report of a whole audit, as the `audit` command makes it, while this thread goes on answering.
 * @throws what the stores throw, by its code; and what the signal says
 */
export async function auditReport(
  { stores, eventstoreUrl, mongodbUrl, dataDir }: Environment,
  pollId: string,
  signal: AbortSignal,
): Promise<string> {
  const request: ReportRequest = { places: { stores, eventstoreUrl, mongodbUrl, dataDir } as Places, pollId };
  const worker = new Worker(new URL('./report.worker.js', import.meta.url), { workerData: request });
  try {
    const [answer] = (await once(worker, 'message', { signal })) as [ReportAnswer];
    if ('html' in answer) return answer.html;
    throw Object.assign(new Error(answer.message), { code: answer.code });
  } finally {
    await worker.terminate();
  }
}
