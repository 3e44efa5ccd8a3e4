import { hash } from 'node:crypto';

import { LeafHasher } from '#seal';
import type { Signer } from '#transparency';

import { BatchTree } from './batch-tree.ts';
import { ORIGIN_AT, PLACES, VERSION, signedText } from './receipt.ts';

type LeafEvent = Parameters<LeafHasher['input']>[0];

/** Room at first, bytes: for a receipt, and for the leaves of a batch. */
const [RECEIPT_ROOM, LEAVES_ROOM] = [2048, 65_536];

/** Makes the receipts of the votes of one ballot box: one signature a batch, whatever its size. */
export class ReceiptIssuer {
  private readonly hasher = new LeafHasher();
  private readonly tree = new BatchTree();
  private readonly leafAt: number;
  /** One receipt after the other; what a batch has in common stays there. */
  private room = Buffer.alloc(RECEIPT_ROOM);
  /** The leaves of a batch in one piece, and where each of them ends. */
  private leaves = Buffer.alloc(LEAVES_ROOM);
  private readonly ends: number[] = [];

  /**
   * @param origin of the ballot box
   * @param signer key of its receipts
   */
  constructor(
    private readonly origin: string,
    private readonly signer: Signer,
  ) {
    const originBytes = Buffer.from(origin);
    this.leafAt = ORIGIN_AT + originBytes.length;
    this.room[0] = VERSION;
    this.room.writeUInt16BE(originBytes.length, PLACES.length);
    originBytes.copy(this.room, ORIGIN_AT);
  }

  /**
   * The receipts of events that are appended together, in their order, as texts. They are true only once the events are durable.
   * @param events 1 to 2,048
   */
  issue(events: readonly LeafEvent[]): string[] {
    this.ends.length = 0;
    const root = this.tree.build(events.map((event) => this.take(event)));
    root.copy(this.room, PLACES.root);
    this.room.set(this.signer.sign(signedText(this.origin, root.toString('base64'))), PLACES.signature);
    return this.ends.map((_, at) => this.write(at));
  }

  /** Keeps an event's leaf until the receipts are written. @returns its hash, one byte a character */
  private take(event: LeafEvent): string {
    const input = this.hasher.input(event);
    const from = this.ends.at(-1) ?? 0;
    const end = from + input.length - 1;
    this.leaves = withRoom(this.leaves, end);
    input.copy(this.leaves, from, 1);
    this.ends.push(end);
    return hash('sha256', input, 'binary');
  }

  private write(at: number): string {
    const [from, to] = [this.ends[at - 1] ?? 0, this.ends[at]!];
    const end = this.leafAt + to - from;
    const room = (this.room = withRoom(this.room, end));
    room.writeUInt16BE(this.tree.slots[at]!, PLACES.slot);
    this.tree.copyPath(at, room, PLACES.path);
    this.leaves.copy(room, this.leafAt, from, to);
    return room.toString('base64url', 0, end);
  }
}

const withRoom = (buffer: Buffer<ArrayBuffer>, bytes: number): Buffer<ArrayBuffer> =>
  bytes <= buffer.length ? buffer : Buffer.concat([buffer, Buffer.alloc(bytes)]);
