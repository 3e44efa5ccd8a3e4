import { on } from 'node:events';
import { Worker } from 'node:worker_threads';

import type { AuditReport } from '#audit';
import type { Environment } from '#platform';
import type { Places } from '#platform/stores';

import type { Claims } from '../claims.ts';

/** What the thread gets. */
export interface ReportRequest {
  readonly places: Places;
  readonly pollId: string;
  /** Whether the poll is counted a second time, in SQL. */
  readonly independent: boolean;
  readonly claims: Claims;
}

/** What it answers: the report, or why there is none; before that, how far it is. */
export type ReportAnswer =
  | { readonly report: AuditReport }
  | { readonly message: string; readonly code: string | undefined }
  | { readonly events: number; readonly fraction: number };

/** How it is made, and who is told how far it is. */
interface Manner {
  /** Whether the poll is counted a second time, in SQL. */
  readonly independent?: boolean;
  readonly claims?: Claims;
  readonly onProgress?: (events: number, fraction: number) => void;
}

/**
 * An audit of a poll, as the `audit` command makes it, while this thread goes on answering.
 * @throws what the stores throw, by its code; and what the signal says
 */
export async function auditReport(
  { stores, eventstoreUrl, mongodbUrl, dataDir }: Environment,
  pollId: string,
  signal: AbortSignal,
  { independent = true, claims = {}, onProgress }: Manner = {},
): Promise<AuditReport> {
  const places = { stores, eventstoreUrl, mongodbUrl, dataDir } as Places;
  const request: ReportRequest = { places, pollId, independent, claims };
  const worker = new Worker(new URL('./report.worker.js', import.meta.url), { workerData: request });
  try {
    for await (const [answer] of on(worker, 'message', { signal, close: ['exit'] }) as AsyncIterable<[ReportAnswer]>) {
      if ('report' in answer) return answer.report;
      if ('message' in answer) throw Object.assign(new Error(answer.message), { code: answer.code });
      onProgress?.(answer.events, answer.fraction);
    }
    throw new Error('the thread of the audit told nothing');
  } finally {
    await worker.terminate();
  }
}
