import { parentPort, workerData } from 'node:worker_threads';

import { type AuditReport, audit, logSource } from '#audit';
import { openEventLog, openReadModel } from '#platform/stores';

import type { ReportAnswer, ReportRequest } from './audit-report.ts';

/** How often it says how far it is, ms. */
const PROGRESS_INTERVAL_MS = 200;

/** A thread of its own, with connections of its own: where one process does everything, voters do not wait for an audit. */
const { places, pollId, independent, claims } = workerData as ReportRequest;

let toldAt = -Infinity;

function tell(events: number, fraction: number): void {
  if (performance.now() - toldAt < PROGRESS_INTERVAL_MS) return;
  toldAt = performance.now();
  parentPort?.postMessage({ events, fraction } satisfies ReportAnswer);
}

async function report(): Promise<AuditReport> {
  const log = await openEventLog(places, 'read');
  try {
    const readModel = await openReadModel(places);
    try {
      const tallies = await readModel.current();
      const options = { source: logSource(log), pollId, readModel: tallies, independent, onProgress: tell };
      return await audit({ ...options, ...claims });
    } finally {
      await readModel.close();
    }
  } finally {
    await log.close();
  }
}

const answer = await report().then<ReportAnswer, ReportAnswer>(
  (made) => ({ report: made }),
  (error: unknown) => {
    const { message, code } = error as Error & { code?: string };
    return { message, code };
  },
);
parentPort?.postMessage(answer);
