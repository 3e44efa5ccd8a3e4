import { type CurrentRevision, ErrorType } from '@eventstore/db-client';

import { EventLogUnavailableError } from '../event-log.ts';

/** What the adapter reads of the client's errors: some have no type, only a gRPC code. */
interface ClientError extends Error {
  readonly type?: string;
  readonly actualVersion?: CurrentRevision;
}

const asClientError = (error: unknown): ClientError => (error instanceof Error ? error : new Error(String(error)));

export const isStreamNotFound = (error: unknown): boolean =>
  asClientError(error).type === ErrorType.STREAM_NOT_FOUND.valueOf();

export const isTooLarge = (error: unknown): boolean =>
  asClientError(error).type === ErrorType.MAXIMUM_APPEND_SIZE_EXCEEDED.valueOf();

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

/** Everything else that the client throws is a store that cannot be reached or cannot store now. */
export function unavailable(error: unknown, doing: string): EventLogUnavailableError {
  if (error instanceof EventLogUnavailableError) return error;
  return new EventLogUnavailableError(`${doing}: ${asClientError(error).message}`, { cause: error });
}
