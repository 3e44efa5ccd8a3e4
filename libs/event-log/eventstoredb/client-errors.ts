import { type CurrentRevision, ErrorType } from '@eventstore/db-client';

import { EventLogUnavailableError } from '../event-log.ts';

const GRPC_ABORTED = 10;

/** What the adapter reads of the client's errors: some have no type, only a gRPC code. */
interface ClientError extends Error {
  readonly code?: number;
  readonly type?: string;
  readonly actualVersion?: CurrentRevision;
}

const asClientError = (error: unknown): ClientError => (error instanceof Error ? error : new Error(String(error)));

export const isStreamNotFound = (error: unknown): boolean =>
  asClientError(error).type === ErrorType.STREAM_NOT_FOUND.valueOf();

export const isTooLarge = (error: unknown): boolean =>
  asClientError(error).type === ErrorType.MAXIMUM_APPEND_SIZE_EXCEEDED.valueOf();

/** Up to 23.10 the server ends a live subscription for which more than 32 events come at once. The log has them all. */
export const isTooSlow = (error: unknown): boolean => {
  const { code, message } = asClientError(error);
  return code === GRPC_ABORTED && /too slow/i.test(message);
};

/** The revision at which the stream was when it refused an append (-1: there is none); undefined for any other error. */
export function refusedAt(error: unknown): bigint | undefined {
  const { type, actualVersion } = asClientError(error);
  if (type !== ErrorType.WRONG_EXPECTED_VERSION.valueOf()) return undefined;
  return typeof actualVersion === 'bigint' ? BigInt.asIntN(64, actualVersion) : -1n;
}

/**
 * Whether an append failed before anything was sent: while the client asked for the server's features or discovered
 * the cluster. These errors have no type, and the client may remember them for good.
 */
export const isBeforeSending = (error: unknown): boolean =>
  !(error instanceof EventLogUnavailableError) && asClientError(error).type === undefined;

/** The client leaves the message of several refusals empty: then their type is all there is. */
function reasonOf(error: unknown): string {
  const { message, type = 'unknown' } = asClientError(error);
  return message === '' ? (REASONS[type] ?? `the server refused it (${type})`) : message;
}

const REASONS: Record<string, string> = {
  [ErrorType.DEADLINE_EXCEEDED]: 'the server gave it up within its own time limit',
  [ErrorType.STREAM_DELETED]: 'the stream was deleted from the store (tombstone): it takes no event ever again',
  [ErrorType.ACCESS_DENIED]: 'the account of the connection string may not do it',
};

/** Everything else that the client throws is a store that cannot be reached or cannot store now. */
export function unavailable(error: unknown, doing: string): EventLogUnavailableError {
  if (error instanceof EventLogUnavailableError) return error;
  return new EventLogUnavailableError(`${doing}: ${reasonOf(error)}`, { cause: error });
}
