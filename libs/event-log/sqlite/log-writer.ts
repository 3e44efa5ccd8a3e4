import type { RecordedEvent } from '#domain';

import type { AppendResult, ExpectedRevision, Head, NewEvent } from '../event-log.ts';

/** What an append did: nothing was recorded where the same batch had been stored before. */
export interface Stored {
  readonly result: AppendResult;
  readonly recorded: readonly RecordedEvent[];
}

/** What appends to the file of a log, one transaction an append, in the order in which it is asked. */
export interface LogWriter {
  /** See {@link EventLog.append}; the batch was checked before. */
  append(stream: string, events: readonly NewEvent[], expected: ExpectedRevision): Promise<Stored>;
  /** The end of the log, as of the last append that was answered. */
  head(): Head;
  /** Waits for the appends in flight. */
  close(): Promise<void>;
}
