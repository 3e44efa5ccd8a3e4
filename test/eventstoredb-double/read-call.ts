import type { ServerWritableStream } from '@grpc/grpc-js';
import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { EventEmitter } from 'node:events';

/** A response, or the bytes of one: an event is encoded once, however many subscribe. */
export type Response = ReadResp | Buffer;
export type ReadCall = ServerWritableStream<ReadReq, Response>;

export const encode = (response: Response): Buffer =>
  Buffer.isBuffer(response) ? response : Buffer.from(response.serializeBinary());

/** Whether the other side has left. */
export const isGone = (call: ReadCall): boolean => call.cancelled || call.destroyed;

/** Writes with back-pressure. False when the other side has left. */
export async function send(call: ReadCall, response: Response): Promise<boolean> {
  if (isGone(call)) return false;
  if (!call.write(response)) await firstOf([call, 'drain'], ...leaving(call));
  return !isGone(call);
}

/** The events of a call whose other side leaves. */
export const leaving = (call: ReadCall): Emission[] => [
  [call, 'close'],
  [call, 'cancelled'],
];

type Emission = [emitter: EventEmitter, event: string];

/** Resolves at the first of these events and listens no longer to the others. */
export async function firstOf(...emissions: Emission[]): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  for (const [emitter, event] of emissions) emitter.once(event, resolve);
  await promise;
  for (const [emitter, event] of emissions) emitter.off(event, resolve);
}
