import { type CurrentRevision, ErrorType } from '@eventstore/db-client';

import { EventLogUnavailableError, LogAccessDeniedError } from '../event-log.ts';

const GRPC_DENIED = 7;
const GRPC_ABORTED = 10;
const GRPC_UNAUTHENTICATED = 16;

/** What the adapter reads of the client's errors: some have no type, only a gRPC code. */
interface ClientError extends Error {
  readonly code?: number;
  readonly type?: string;
  readonly actualVersion?: CurrentRevision;
  readonly maxAppendSize?: number;
}

const asClientError = (error: unknown): ClientError => (error instanceof Error ? error : new Error(String(error)));

export const isStreamNotFound = (error: unknown): boolean =>
  asClientError(error).type === ErrorType.STREAM_NOT_FOUND.valueOf();

/** The client knows no error for a single event that is too large (26 and later), but repeats what the server calls it. */
export function isTooLarge(error: unknown): boolean {
  const { type, message } = asClientError(error);
  return type === ErrorType.MAXIMUM_APPEND_SIZE_EXCEEDED.valueOf() || /maximum append (event )?size/i.test(message);
}

/** Bytes that the server takes in one append, where it said so. */
export const appendLimitOf = (error: unknown): number | undefined => asClientError(error).maxAppendSize;

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
  const { code, type } = asClientError(error);
  const isDenied = type === ErrorType.ACCESS_DENIED.valueOf() || code === GRPC_UNAUTHENTICATED || code === GRPC_DENIED;
  const Unavailable = isDenied ? LogAccessDeniedError : EventLogUnavailableError;
  return new Unavailable(`${doing}: ${reasonOf(error)}`, { cause: error });
}
