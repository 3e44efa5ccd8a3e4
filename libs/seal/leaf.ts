import { createHash } from 'node:crypto';

import type { RecordedEvent } from '#domain';
import { sha256 } from '#transparency';

/** What of an event is in its leaf. */
type LeafEvent = Pick<RecordedEvent, 'type' | 'version' | 'id' | 'data'>;

/** Longest data that stands in a leaf as it is, bytes. None of ours is as long. */
const MAX_DATA_BYTES = 60_000;
/** Longest leaf, bytes: a log's entries have 16-bit lengths (C2SP tlog-tiles). */
const MAX_LEAF_BYTES = 0xffff;
/** Longest type or id in a leaf that would be longer than that, bytes. */
const MAX_NAME_BYTES = 1024;

/**
 * An event as a leaf of a transparency log: `{"type":…,"version":…,"id":…,"data":…}` without white space, the data exactly as they
 * are stored. When the log took it, and where, is no part of it. Longer data, which only a stranger can have appended, stand as
 * `{"sha256":"<hexadecimal>","bytes":<length>}`; so do a type or an id that make a leaf longer than 65,535 bytes.
 */
export function leafOf({ type, version, id, data }: LeafEvent): Buffer {
  const body = data.byteLength <= MAX_DATA_BYTES ? data : Buffer.from(digestOf(data));
  const leaf = leafWith(headOf(JSON.stringify(type), version), JSON.stringify(id), body);
  return leaf.length <= MAX_LEAF_BYTES ? leaf : leafWith(headOf(shortened(type), version), shortened(id), body);
}

const leafWith = (head: string, id: string, body: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from(`${head}${id},"data":`), body, Buffer.from('}')]);

/** @param type as JSON */
const headOf = (type: string, version: number): string => `{"type":${type},"version":${String(version)},"id":`;

function shortened(name: string): string {
  const json = JSON.stringify(name);
  return Buffer.byteLength(json) <= MAX_NAME_BYTES ? json : digestOf(Buffer.from(name));
}

const digestOf = (data: Uint8Array): string =>
  JSON.stringify({ sha256: createHash('sha256').update(data).digest('hex'), bytes: data.byteLength });

/** In front of a leaf that is hashed (RFC 6962, section 2.1). */
const LEAF_PREFIX = 0x00;
const UUID = /^[0-9a-f-]{36}$/;
/** Longer than what is in front of the data, and data of a usual length. */
const [ROOM_BYTES, USUAL_BYTES] = [512, 8192];

/** Hashes leaves, a million of them in a few seconds: it owns the memory in which it puts a leaf together, and remembers its beginning. */
export class LeafHasher {
  private readonly room = Buffer.alloc(ROOM_BYTES + USUAL_BYTES, LEAF_PREFIX);
  private type = '';
  private version = NaN;
  private headEnd = 0;

  /** The hash of the leaf that an event is (RFC 6962, section 2.1), 32 bytes. */
  hash(event: LeafEvent): Buffer {
    return sha256(this.input(event));
  }

  /** What is hashed: 0x00 and the leaf. Good until the next call. */
  input(event: LeafEvent): Buffer {
    const { type, version, id, data } = event;
    if (type.length > ROOM_BYTES / 8 || data.byteLength > USUAL_BYTES - 1 || !UUID.test(id))
      return Buffer.concat([Buffer.of(LEAF_PREFIX), leafOf(event)]);
    if (type !== this.type || version !== this.version) this.begin(type, version);
    const { room } = this;
    let end = this.headEnd + room.write(`"${id}","data":`, this.headEnd, 'latin1');
    room.set(data, end);
    end += data.byteLength;
    room[end] = 0x7d;
    return room.subarray(0, end + 1);
  }

  private begin(type: string, version: number): void {
    this.headEnd = 1 + this.room.write(headOf(JSON.stringify(type), version), 1);
    [this.type, this.version] = [type, version];
  }
}
