import { parentPort, workerData } from 'node:worker_threads';

import { audit, logSource, renderHtml } from '#audit';
import { openEventLog, openReadModel } from '#platform/stores';

import type { ReportAnswer, ReportRequest } from './audit-report.ts';

/** A thread of its own, with connections of its own: where one process does everything, voters do not wait for an audit. */
const { places, pollId } = workerData as ReportRequest;

async function report(): Promise<string> {
  const log = await openEventLog(places, 'read');
  try {
    const readModel = await openReadModel(places);
    try {
      const tallies = await readModel.current();
      return renderHtml(await audit({ source: logSource(log), pollId, readModel: tallies }));
    } finally {
      await readModel.close();
    }
  } finally {
    await log.close();
  }
}

const answer = await report().then<ReportAnswer, ReportAnswer>(
  (html) => ({ html }),
  (error: unknown) => {
    const { message, code } = error as Error & { code?: string };
    return { message, code };
  },
);
parentPort?.postMessage(answer);
