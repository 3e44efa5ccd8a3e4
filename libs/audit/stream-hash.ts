import { createHash } from 'node:crypto';

import type { RecordedEvent } from '#domain';

const BUFFER_BYTES = 1 << 14;
/** Longest prefix of an event whose id and type are of a usual length, bytes. */
const SHORT_PREFIX = 256;

/**
 * SHA-256 over all that a stream holds, in its order: two who have the same digest have the same stream. Each event
 * goes in as `["<revision>",<recorded at, ms>,"<id>","<type>",<version>,<bytes of data>]` and its data. The position is
 * left out: it is another one in another log.
 */
export class StreamHash {
  private readonly hash = createHash('sha256');
  private readonly buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  private filled = 0;
  private lastType = '';
  private lastQuoted = '""';

  add(event: RecordedEvent): void {
    const { revision, recordedAt, version, data } = event;
    const prefix = `["${String(revision)}",${recordedAt},${JSON.stringify(event.id)},${this.quoted(event.type)},${version},${data.byteLength}]`;
    if (prefix.length > SHORT_PREFIX || data.byteLength > BUFFER_BYTES / 2) return this.addLong(prefix, data);
    if (this.filled + SHORT_PREFIX * 3 + data.byteLength > BUFFER_BYTES) this.flush();
    this.filled += this.buffer.write(prefix, this.filled);
    this.buffer.set(data, this.filled);
    this.filled += data.byteLength;
  }

  /** The digest so far, 64 hexadecimal digits. */
  digest(): string {
    this.flush();
    return this.hash.copy().digest('hex');
  }

  /** A JSON string, remembered: there are only a few types. */
  private quoted(type: string): string {
    if (type !== this.lastType) {
      this.lastQuoted = JSON.stringify(type);
      this.lastType = type;
    }
    return this.lastQuoted;
  }

  private addLong(prefix: string, data: Uint8Array): void {
    this.flush();
    this.hash.update(prefix).update(data);
  }

  private flush(): void {
    this.hash.update(this.buffer.subarray(0, this.filled));
    this.filled = 0;
  }
}
