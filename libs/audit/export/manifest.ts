import { createHash } from 'node:crypto';

import type { RecordedEvent } from '#domain';

import { difference } from '../counts.ts';
import type { Finding } from '../findings.ts';
import { StreamHash } from '../stream-hash.ts';
import type { Manifest, StreamSummary } from './lines.ts';

interface Seen {
  readonly first: RecordedEvent;
  last: RecordedEvent;
  events: number;
  readonly hash: StreamHash;
}

/** Sums up an export line by line, for whoever writes it and for whoever reads it. */
export class ManifestBuilder {
  private readonly hash = createHash('sha256');
  private readonly streams = new Map<string, Seen>();
  private events = 0;

  /** All bytes before the manifest, in order. */
  addBytes(bytes: Uint8Array | string): void {
    this.hash.update(bytes);
  }

  addEvent(event: RecordedEvent): void {
    this.events++;
    let seen = this.streams.get(event.stream);
    if (seen === undefined) {
      seen = { first: event, last: event, events: 0, hash: new StreamHash() };
      this.streams.set(event.stream, seen);
    }
    seen.events++;
    seen.last = event;
    seen.hash.add(event);
  }

  manifest(): Manifest {
    const streams = Object.fromEntries([...this.streams].map(([stream, seen]) => [stream, summaryOf(seen)]));
    return { events: this.events, streams, sha256: this.hash.copy().digest('hex') };
  }
}

const summaryOf = ({ first, last, events, hash }: Seen): StreamSummary => ({
  events,
  firstRevision: String(first.revision),
  lastRevision: String(last.revision),
  firstPosition: String(first.position),
  lastPosition: String(last.position),
  sha256: hash.digest(),
});

/** Where the manifest of a file differs from what is in the file. */
export function* manifestDifferences(claimed: Manifest, found: Manifest): Iterable<Finding> {
  const code = 'manifest-differs';
  yield* difference(code, { part: 'events' }, claimed.events, found.events);
  for (const stream of new Set([...Object.keys(claimed.streams), ...Object.keys(found.streams)])) {
    const [claim, is] = [claimed.streams[stream], found.streams[stream]];
    for (const part of Object.keys({ ...is, ...claim }) as (keyof StreamSummary)[]) {
      yield* difference(code, { stream, part }, claim?.[part] ?? null, is?.[part] ?? null);
    }
  }
  yield* difference(code, { part: 'sha256' }, claimed.sha256, found.sha256);
}
