import { type EventSource, exportSource, logSource, readHeader } from '#audit';
import type { EventLog } from '#event-log';
import { UsageError } from '#platform/arguments';

import { pollOf } from './options.ts';

/** Where a command reads the events of a poll, until it is closed. */
export interface OpenedSource {
  readonly source: EventSource;
  readonly pollId: string;
  readonly close: () => Promise<void>;
}

/**
 * @param asked the poll; without it the one of the export
 * @throws UsageError when the export is of many polls and none was asked for
 */
export async function openExport(file: string, asked: string | undefined): Promise<OpenedSource> {
  const pollId = asked ?? (await readHeader(file)).pollId;
  if (pollId === undefined) throw new UsageError('the export is of a whole log: say which poll with --poll');
  return { source: exportSource(file), pollId, close: () => Promise.resolve() };
}

/**
 * Takes over a log that was opened.
 * @param asked the poll; without it the latest one
 * @throws UsageError when there is no poll; the log is closed then
 */
export async function openPollOf(log: EventLog, asked: string | undefined): Promise<OpenedSource> {
  try {
    return { source: logSource(log), pollId: await pollOf(log, asked), close: () => log.close() };
  } catch (error) {
    await log.close();
    throw error;
  }
}
