export {
  type AppendResult,
  EventLog,
  EventLogUnavailableError,
  type ExpectedRevision,
  AppendTooLargeError,
  InvalidAppendError,
  LogAccessDeniedError,
  type LogExtent,
  MAX_APPEND_BYTES,
  MAX_APPEND_EVENTS,
  type NewEvent,
  START,
  type SubscriptionPage,
  WrongExpectedRevisionError,
} from './event-log.ts';
export { backUpSqliteLog } from './sqlite/sqlite-backup.ts';
export { SqliteEventLog } from './sqlite/sqlite-event-log.ts';
export { SqliteImport } from './sqlite/sqlite-import.ts';
export { firstOfStream, wholeStream } from './whole-stream.ts';
