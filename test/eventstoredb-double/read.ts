import { Metadata, status } from '@grpc/grpc-js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';

import type { Faults } from './faults.ts';
import { readEvent, streamName, streamNotFound } from './messages.ts';
import { type ReadCall, send } from './read-call.ts';
import type { Store, StoredEvent } from './store.ts';
import { Subscription } from './subscription.ts';

const { BACKWARDS } = streams.ReadReq.Options.ReadDirection;

/** The `Read` call: a stream or `$all`, forwards or backwards, or a subscription to `$all`. */
export async function read(
  call: ReadCall,
  store: Store,
  faults: Faults,
  mayRead: (stream: string) => boolean,
): Promise<void> {
  call.on('error', () => {});
  const { life } = faults;
  if (!(await faults.passage(life))) return;
  const options = call.request.getOptions() ?? new streams.ReadReq.Options();
  const stream = streamName(options.getStream()?.getStreamIdentifier());
  const refusal = faults.notReady ? NOT_READY : refusalOf(store, stream, mayRead(options.hasAll() ? '$all' : stream));
  if (refusal !== undefined) return void call.emit('error', refusal);
  if (options.hasSubscription()) return await new Subscription(call, store, faults).run();
  const events = options.hasStream() ? ofStream(store, options) : ofAll(store, options);
  if (events === undefined) call.write(streamNotFound(stream));
  await sendAll(call, events ?? [], faults);
}

async function sendAll(call: ReadCall, events: readonly StoredEvent[], faults: Faults): Promise<void> {
  const { life } = faults;
  for (const event of events) {
    if (!(await faults.passage(life)) || !(await send(call, readEvent(event)))) return;
  }
  call.end();
}

function refusalOf(store: Store, stream: string, isAllowed: boolean): object | undefined {
  if (!isAllowed) return accessDenied();
  return store.isTombstoned(stream) ? deleted(stream) : undefined;
}

function accessDenied(): object {
  const metadata = new Metadata();
  metadata.set('exception', 'access-denied');
  return { code: status.PERMISSION_DENIED, details: 'Access Denied', metadata };
}

const NOT_READY = { code: status.UNAVAILABLE, details: 'Server Is Not Ready' };

function deleted(stream: string): object {
  const metadata = new Metadata();
  metadata.set('exception', 'stream-deleted');
  metadata.set('stream-name', stream);
  return { code: status.FAILED_PRECONDITION, details: `Event stream '${stream}' is deleted.`, metadata };
}

function ofStream(store: Store, options: ReadReq.Options): readonly StoredEvent[] | undefined {
  const from = options.getStream();
  const events = store.stream(streamName(from?.getStreamIdentifier()));
  if (events === undefined) return undefined;
  const count = Number(options.getCount());
  const kept = store.firstRevision(streamName(from?.getStreamIdentifier()));
  if (options.getReadDirection() !== BACKWARDS) {
    const first = Math.max(kept, from?.hasRevision() === true ? Number(from.getRevision()) : 0);
    return events.slice(first, first + count);
  }
  const last = from?.hasRevision() === true ? Number(from.getRevision()) : events.length - 1;
  return events.slice(Math.max(kept, last + 1 - count), last + 1).reverse();
}

function ofAll(store: Store, options: ReadReq.Options): readonly StoredEvent[] {
  const from = options.getAll();
  const count = Number(options.getCount());
  const position = Number(from?.getPosition()?.getCommitPosition() ?? 0);
  if (options.getReadDirection() !== BACKWARDS) {
    // a read includes the position it starts from, a subscription does not
    const first = from?.hasPosition() === true ? store.indexBehind(position - 1) : 0;
    return store.all.slice(first, first + count);
  }
  const end = from?.hasPosition() === true ? store.indexBehind(position - 1) : store.all.length;
  return store.all.slice(Math.max(0, end - count), end).reverse();
}
