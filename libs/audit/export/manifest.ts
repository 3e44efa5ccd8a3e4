import { createHash } from 'node:crypto';

import { type RecordedEvent, pollIdOf } from '#domain';

import { Commitment } from '../commitment.ts';
import { difference } from '../counts.ts';
import type { Finding } from '../findings.ts';
import { StreamHash } from '../stream-hash.ts';
import { marksRehearsal } from '../polls.ts';
import type { ExportHeader, Manifest, StreamSummary } from './lines.ts';

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
  private readonly rehearsals = new Set<string>();
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
    const rehearsals = this.rehearsals.size > 0 && { rehearsals: [...this.rehearsals] };
    return { events: this.events, streams, commitments, ...rehearsals, sha256: this.hash.copy().digest('hex') };
  }

  private commit(event: RecordedEvent): void {
    const pollId = pollIdOf(event.stream);
    if (pollId === undefined) return;
    let commitment = this.commitments.get(pollId);
    if (commitment === undefined) this.commitments.set(pollId, (commitment = new Commitment(pollId)));
    commitment.add(event);
    if (marksRehearsal(event)) this.rehearsals.add(pollId);
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

const rehearsalsIn = ({ rehearsals = [] }: Manifest): readonly string[] => rehearsals;

/** A file of a rehearsal says so in its first line. */
export function* headerDifferences({ pollId, rehearsal }: ExportHeader, found: Manifest): Iterable<Finding> {
  if (pollId === undefined || found.rehearsals?.includes(pollId) !== true) return;
  yield* difference('manifest-differs', { poll: pollId, part: 'rehearsal' }, rehearsal ?? false, true);
}

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
  yield* difference(code, { part: 'rehearsals' }, rehearsalsIn(claimed), rehearsalsIn(found));
  yield* difference(code, { part: 'sha256' }, claimed.sha256, found.sha256);
}
