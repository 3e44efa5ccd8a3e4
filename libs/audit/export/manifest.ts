import { createHash } from 'node:crypto';

import { type RecordedEvent, pollIdOf } from '#domain';

import { Commitment } from '../commitment.ts';
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
  private readonly commitments = new Map<string, Commitment>();
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
    this.commit(event);
  }

  manifest(): Manifest {
    const streams = Object.fromEntries([...this.streams].map(([stream, seen]) => [stream, summaryOf(seen)]));
    const commitments = Object.fromEntries(
      [...this.commitments].map(([poll, commitment]) => [poll, commitment.second()]),
    );
    return { events: this.events, streams, commitments, sha256: this.hash.copy().digest('hex') };
  }

  private commit(event: RecordedEvent): void {
    const pollId = pollIdOf(event.stream);
    if (pollId === undefined) return;
    let commitment = this.commitments.get(pollId);
    if (commitment === undefined) this.commitments.set(pollId, (commitment = new Commitment(pollId)));
    commitment.add(event);
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
  for (const [poll, claim] of Object.entries(claimed.commitments ?? {})) {
    yield* difference(code, { poll, part: 'commitment' }, claim, found.commitments?.[poll] ?? null);
  }
  yield* difference(code, { part: 'sha256' }, claimed.sha256, found.sha256);
}
