export {
  type AppendResult,
  EventLog,
  EventLogUnavailableError,
  type ExpectedRevision,
  type Head,
  InvalidAppendError,
  MAX_APPEND_BYTES,
  MAX_APPEND_EVENTS,
  type NewEvent,
  START,
  type SubscriptionPage,
  WrongExpectedRevisionError,
} from './event-log.ts';
export { DirectoryLockedError } from './sqlite/directory-lock.ts';
export { SqliteEventLog } from './sqlite/sqlite-event-log.ts';
