import { status } from '@grpc/grpc-js';
import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import { randomUUID } from 'node:crypto';

import type { Faults } from './faults.ts';
import { UNKNOWN_POSITION, caughtUp, checkpoint, confirmation, fellBehind, readEvent } from './messages.ts';
import { type ReadCall, encode, firstOf, isGone, leaving, send } from './read-call.ts';
import type { Store, StoredEvent } from './store.ts';

/** How many events the real server searches between checkpoints if the client does not say. */
const DEFAULT_WINDOW = 32;
/** Events that a live subscription holds for its consumer. */
const LIVE_BUFFER = 32;
const TOO_SLOW = 'Consumer too slow to handle event while live. Client resubscription required.';

/**
 * A subscription to `$all`: what stands behind the position (exclusive), then `caughtUp`, then what comes, with a
 * checkpoint after every so many events that were looked at.
 */
export class Subscription {
  private next = 0;
  private considered = 0;
  private matched = 0;
  private live = false;
  private readonly wanted: (event: StoredEvent) => boolean;
  private readonly checkpointEvery: number;
  private readonly generation: number;

  constructor(
    private readonly call: ReadCall,
    private readonly store: Store,
    private readonly faults: Faults,
  ) {
    this.generation = faults.generation;
    const filter = call.request.getOptions()?.getFilter();
    this.wanted = predicateOf(filter);
    const window = filter?.hasMax() === true ? filter.getMax() : DEFAULT_WINDOW;
    this.checkpointEvery = window * (filter?.getCheckpointintervalmultiplier() ?? 1);
  }

  /** Runs until the other side is gone. */
  async run(): Promise<void> {
    const { life } = this.faults;
    if (!this.start()) return;
    await send(this.call, confirmation(randomUUID()));
    while (!isGone(this.call) && (await this.faults.passage(life))) {
      if (this.generation !== this.faults.generation) return;
      const event = this.store.all[this.next];
      if (event === undefined) await this.wait();
      else if (!(await this.keepsUp()) || !(await this.look(event))) return;
    }
  }

  /** Finds the place to start from. False when there is none. */
  private start(): boolean {
    const from = this.call.request.getOptions()?.getAll();
    if (from?.hasEnd() === true) this.next = this.store.all.length;
    if (from?.hasPosition() !== true) return true;
    const { store } = this;
    const commit = Number(from.getPosition()?.getCommitPosition());
    if (
      !store.isRecord(commit) ||
      from.getPosition()?.getPreparePosition() !== from.getPosition()?.getCommitPosition()
    ) {
      this.call.emit('error', { code: status.UNKNOWN, details: `no record at position ${String(commit)}` });
      return false;
    }
    this.next = store.indexBehind(commit);
    return true;
  }

  private async look(event: StoredEvent): Promise<boolean> {
    this.next++;
    this.store.searched++;
    if (this.wanted(event)) {
      this.matched++;
      if (!this.faults.leavesOut() && !(await send(this.call, encodedEvent(event)))) return false;
      this.store.delivered++;
    }
    if (++this.considered % this.checkpointEvery === 0) return await send(this.call, checkpoint(event.position));
    return true;
  }

  /** Up to 23.10 false, and the end of it, when more came at once than the server holds; later servers read on from the log. */
  private async keepsUp(): Promise<boolean> {
    const { slowConsumers } = this.faults;
    if (!this.live || slowConsumers === 'kept') return true;
    const waiting = this.store.all.slice(this.next).filter((event) => this.wanted(event)).length;
    if (waiting <= LIVE_BUFFER) return true;
    if (slowConsumers === 'ended') {
      this.call.emit('error', { code: status.ABORTED, details: TOO_SLOW });
      return false;
    }
    this.live = false;
    return await send(this.call, fellBehind());
  }

  private positionAtEnd(): number | bigint | undefined {
    if (this.matched > 0) return this.store.all.at(-1)?.position;
    return { none: undefined, unknown: UNKNOWN_POSITION, zero: 0 }[this.faults.emptyCheckpoint];
  }

  /** The end of the log is reached: says so the first time, then waits for news. */
  private async wait(): Promise<void> {
    if (!this.live) {
      this.live = true;
      const position = this.positionAtEnd();
      if (position !== undefined) await send(this.call, checkpoint(position));
      await send(this.call, caughtUp());
    }
    if (this.next < this.store.all.length || isGone(this.call)) return;
    await firstOf([this.store.news, 'news'], ...leaving(this.call));
  }
}

const encoded = new WeakMap<StoredEvent, Buffer>();

function encodedEvent(event: StoredEvent): Buffer {
  let bytes = encoded.get(event);
  if (bytes === undefined) encoded.set(event, (bytes = encode(readEvent(event))));
  return bytes;
}

function predicateOf(filter: ReadReq.Options.FilterOptions | undefined): (event: StoredEvent) => boolean {
  const expression = filter?.getStreamIdentifier() ?? filter?.getEventType();
  if (expression === undefined) return () => true;
  const subject = filter?.hasStreamIdentifier() === true ? 'stream' : 'type';
  const regex = expression.getRegex();
  if (regex !== '') {
    const pattern = new RegExp(regex);
    return (event) => pattern.test(event[subject]);
  }
  const prefixes = expression.getPrefixList();
  return (event) => prefixes.some((prefix) => event[subject].startsWith(prefix));
}
