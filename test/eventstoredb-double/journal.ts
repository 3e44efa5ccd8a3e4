import { closeSync, existsSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';

import type { Append } from './store.ts';

type Line = [
  stream: string,
  created: number,
  ...events: [id: string, type: string, contentType: string, data: string, metadata: string][],
];

/**
 * The double's data: a file that only grows, one line an append. What was written before a `kill -9` is there after it;
 * a line that was cut short was never answered and is dropped.
 */
export class Journal {
  private constructor(private readonly file: number) {}

  /** Opens or creates the file and hands over what it holds. */
  static open(path: string, take: (append: Append) => void): Journal {
    const bytes = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
    const end = bytes.lastIndexOf('\n') + 1;
    const file = openSync(path, 'a');
    if (end < bytes.length) ftruncateSync(file, end);
    for (const line of bytes.toString('utf8', 0, end).split('\n')) if (line !== '') take(decode(line));
    return new Journal(file);
  }

  write({ stream, created, events }: Append): void {
    const line: Line = [stream, created];
    for (const { id, type, contentType, data, metadata } of events) {
      line.push([id, type, contentType, base64(data), base64(metadata)]);
    }
    writeSync(this.file, `${JSON.stringify(line)}\n`);
  }

  close(): void {
    closeSync(this.file);
  }
}

function decode(text: string): Append {
  const [stream, created, ...events] = JSON.parse(text) as Line;
  return {
    stream,
    created,
    events: events.map(([id, type, contentType, data, metadata]) => ({
      id,
      type,
      contentType,
      data: bytesOf(data),
      metadata: bytesOf(metadata),
    })),
  };
}

const base64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));
