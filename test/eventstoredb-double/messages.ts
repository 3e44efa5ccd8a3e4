import codes from '@eventstore/db-client/generated/code_pb.js';
import type { Code } from '@eventstore/db-client/generated/code_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import status from '@eventstore/db-client/generated/status_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { BatchAppendReq, BatchAppendResp, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import any from 'google-protobuf/google/protobuf/any_pb.js';
import empty from 'google-protobuf/google/protobuf/empty_pb.js';

import type { ProposedEvent, StoredEvent } from './store.ts';

/** Protobuf messages, to and from the double's own words. */

const TICKS_PER_MS = 10_000;

/** -1 as an unsigned number: what the server does not know. */
export const UNKNOWN_POSITION = 2n ** 64n - 1n;
const { UNKNOWN, INVALID_ARGUMENT, DEADLINE_EXCEEDED, FAILED_PRECONDITION, PERMISSION_DENIED } = codes.Code;

export function proposedEvent(message: BatchAppendReq.ProposedMessage): ProposedEvent {
  const metadata = message.getMetadataMap();
  return {
    id: message.getId()?.getString() ?? '',
    type: metadata.get('type') ?? '',
    contentType: metadata.get('content-type') ?? '',
    data: message.getData_asU8(),
    metadata: message.getCustomMetadata_asU8(),
  };
}

export function readEvent(event: StoredEvent): ReadResp {
  const position = String(event.position);
  const recorded = new streams.ReadResp.ReadEvent.RecordedEvent();
  recorded.setId(new shared.UUID().setString(event.id));
  recorded.setStreamIdentifier(streamIdentifier(event.stream));
  recorded.setStreamRevision(String(event.revision));
  recorded.setCommitPosition(position).setPreparePosition(position);
  recorded.setData(event.data).setCustomMetadata(event.metadata);
  recorded.getMetadataMap().set('type', event.type);
  recorded.getMetadataMap().set('content-type', event.contentType);
  recorded.getMetadataMap().set('created', String(BigInt(event.created) * BigInt(TICKS_PER_MS)));
  const resolved = new streams.ReadResp.ReadEvent().setEvent(recorded).setCommitPosition(position);
  return new streams.ReadResp().setEvent(resolved);
}

export const confirmation = (id: string): ReadResp =>
  new streams.ReadResp().setConfirmation(new streams.ReadResp.SubscriptionConfirmation().setSubscriptionId(id));

export const caughtUp = (): ReadResp => new streams.ReadResp().setCaughtUp(new streams.ReadResp.CaughtUp());

export const fellBehind = (): ReadResp => new streams.ReadResp().setFellBehind(new streams.ReadResp.FellBehind());

export const checkpoint = (position: number | bigint): ReadResp =>
  new streams.ReadResp().setCheckpoint(
    new streams.ReadResp.Checkpoint().setCommitPosition(String(position)).setPreparePosition(String(position)),
  );

export const streamNotFound = (stream: string): ReadResp =>
  new streams.ReadResp().setStreamNotFound(
    new streams.ReadResp.StreamNotFound().setStreamIdentifier(streamIdentifier(stream)),
  );

export function appended(revision: number, position: number | bigint): BatchAppendResp {
  const at = new shared.AllStreamPosition().setCommitPosition(String(position)).setPreparePosition(String(position));
  const success = new streams.BatchAppendResp.Success().setCurrentRevision(String(revision)).setPosition(at);
  return new streams.BatchAppendResp().setSuccess(success);
}

/** @param options of the request: the answer says what was expected */
export function wrongExpectedVersion(options: BatchAppendReq.Options, current: number): BatchAppendResp {
  const details = new shared.WrongExpectedVersion();
  if (current < 0) details.setCurrentNoStream(new empty.Empty());
  else details.setCurrentStreamRevision(String(current));
  if (options.hasStreamPosition()) details.setExpectedStreamPosition(options.getStreamPosition());
  else if (options.hasNoStream()) details.setExpectedNoStream(new empty.Empty());
  else if (options.hasStreamExists()) details.setExpectedStreamExists(new empty.Empty());
  else details.setExpectedAny(new empty.Empty());
  return failure(FAILED_PRECONDITION, 'WrongExpectedVersion', details, 'event_store.client.WrongExpectedVersion');
}

export const appendTooLarge = (limit: number): BatchAppendResp =>
  failure(
    INVALID_ARGUMENT,
    'Maximum Append Size Exceeded',
    new shared.MaximumAppendSizeExceeded().setMaxappendsize(limit),
    'event_store.client.MaximumAppendSizeExceeded',
  );

export const streamDeleted = (): BatchAppendResp =>
  failure(FAILED_PRECONDITION, 'Stream Deleted', new shared.StreamDeleted(), 'event_store.client.StreamDeleted');

export const accessDenied = (): BatchAppendResp =>
  failure(PERMISSION_DENIED, 'Access Denied', new shared.AccessDenied(), 'event_store.client.AccessDenied');

export const appendTimedOut = (): BatchAppendResp =>
  failure(DEADLINE_EXCEEDED, 'Timeout', new shared.Timeout(), 'event_store.client.Timeout');

/** The client knows no such details and makes an error of type `unknown` with this text of it. */
export const refused = (message: string): BatchAppendResp =>
  failure(UNKNOWN, message, new empty.Empty(), 'google.protobuf.Empty');

function failure(
  code: Code,
  message: string,
  details: { serializeBinary(): Uint8Array },
  name: string,
): BatchAppendResp {
  const packed = new any.Any();
  packed.pack(details.serializeBinary(), name);
  return new streams.BatchAppendResp().setError(
    new status.Status().setCode(code).setMessage(message).setDetails(packed),
  );
}

export const streamIdentifier = (name: string): InstanceType<typeof shared.StreamIdentifier> =>
  new shared.StreamIdentifier().setStreamName(Buffer.from(name).toString('base64'));

/** The name of a stream in a request. */
export const streamName = (identifier: InstanceType<typeof shared.StreamIdentifier> | undefined): string =>
  Buffer.from(identifier?.getStreamName_asU8() ?? []).toString('utf8');
