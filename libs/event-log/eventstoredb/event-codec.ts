import {
  type AllStreamResolvedEvent,
  type BinaryEventData,
  type RecordedEvent as ClientEvent,
  type ResolvedEvent,
  binaryEvent,
} from '@eventstore/db-client';

import type { RecordedEvent } from '#domain';

import {
  AppendTooLargeError,
  EventLogUnavailableError,
  type ExpectedRevision,
  InvalidAppendError,
  type NewEvent,
  assertAppendable,
} from '../event-log.ts';

/** One append, with the types and metadata of its events: what the server takes by default. */
const MAX_APPEND_SIZE = 1_048_576;
/** Revisions and positions are signed 64-bit numbers, in the server and in the stores of the read side. */
const MAX_INT64 = 2n ** 63n - 1n;
const NIL_UUID = '00000000-0000-0000-0000-000000000000';

/** Version of events that do not say one: those that others wrote. No event of ours has it, so they are quarantined. */
const FOREIGN_VERSION = 0;

/**
 * Checks all that the client would choke on: some inputs would hang it, break the shared stream for other appends or be
 * acknowledged without being stored. None of them may reach it, whatever the caller's types say.
 * @throws InvalidAppendError, AppendTooLargeError
 */
export function assertSendable(stream: string, events: readonly NewEvent[], expected: ExpectedRevision): void {
  if (expected !== 'any' && expected !== 'no-stream' && (typeof expected !== 'bigint' || expected > MAX_INT64)) {
    throw new InvalidAppendError(`not an expected revision: ${String(expected)}`);
  }
  assertAppendable(stream, events, expected);
  let size = 0;
  for (const { id, type, version, data } of events) {
    if (!ArrayBuffer.isView(data)) throw new InvalidAppendError('the data of an event are bytes');
    if (id === NIL_UUID) throw new InvalidAppendError('the nil UUID is no event id');
    size += data.byteLength + 2 * type.length + JSON.stringify({ version }).length;
  }
  if (size > MAX_APPEND_SIZE) throw new AppendTooLargeError(MAX_APPEND_SIZE);
}

/** An event for the client: the canonical bytes as they are, the version of the type as metadata. */
export const encodeEvent = ({ id, type, version, data }: NewEvent): BinaryEventData =>
  binaryEvent({ id, type, data, metadata: { version } });

/**
 * An event as it stands in the log; undefined for what the server wrote on its own.
 *
 * The position is the place of the event's own record in the transaction file: the server gives every event of a batch
 * its own (`AllReader`, `IndexCommitter`), and commit and prepare position are the same number. Only the transactions
 * of the old TCP protocol shared a commit position, and nothing here writes those.
 */
export function decodeEvent({
  event,
  commitPosition,
}: AllStreamResolvedEvent | ResolvedEvent): RecordedEvent | undefined {
  // `$streamDeleted` stands in the stream that it ended
  if (event === undefined || event.streamId.startsWith('$') || event.type.startsWith('$')) return undefined;
  const position = event.position?.commit ?? commitPosition;
  if (!isPosition(position)) throw new EventLogUnavailableError('the server gives no positions: it is older than 22.6');
  if (!isPosition(event.revision)) throw new EventLogUnavailableError('the server gives an event without a revision');
  return {
    stream: event.streamId,
    revision: event.revision,
    position,
    recordedAt: event.created.getTime(),
    id: event.id,
    type: event.type,
    version: versionOf(event.metadata),
    data: bytesOf(event.data),
  };
}

/** Whether the server said a position or revision: what it does not know comes as undefined or as the largest unsigned number. */
export const isPosition = (position: bigint | undefined): position is bigint =>
  position !== undefined && position >= 0n && position <= MAX_INT64;

function versionOf(metadata: unknown): number {
  const version = (metadata as { version?: unknown } | null | undefined)?.version;
  return Number.isSafeInteger(version) ? (version as number) : FOREIGN_VERSION;
}

/** JSON events are not ours. The client parses them, or hands over the text if it cannot: both become bytes again. */
function bytesOf(data: ClientEvent['data']): Uint8Array {
  if (ArrayBuffer.isView(data)) return data;
  return Buffer.from(typeof data === 'string' ? data : JSON.stringify(data));
}
