import { setImmediate } from 'node:timers/promises';

import { type QuarantinedEvent, type RecordedEvent, Tally, pollIdOf } from '#domain';
import type { EventLog } from '#event-log';
import type { TallyStore } from '#read-model';

/** Bytes of an event that are shown; the export has them all. */
const SHOWN_BYTES = 2048;

/** What a poll's fold could not read. */
export interface PollQuarantine {
  readonly pollId: string;
  /** All of them; listed are the first ones. */
  readonly count: number;
  readonly events: readonly QuarantinedEvent[];
}

/** A quarantined event as it stands in the log. */
export interface QuarantinedRecord extends QuarantinedEvent {
  readonly event: Omit<RecordedEvent, 'data'>;
  /** Size of the stored data, bytes. */
  readonly size: number;
  /** The first bytes as text, where they are UTF-8, and as hexadecimal digits. */
  readonly text: string | undefined;
  readonly hex: string;
}

/** The polls with quarantined events. */
export async function listQuarantine(tallies: TallyStore): Promise<PollQuarantine[]> {
  const stored = await tallies.all();
  return stored
    .filter(({ snapshot }) => snapshot.quarantined > 0)
    .map(({ snapshot }) => ({
      pollId: snapshot.pollId,
      count: snapshot.quarantined,
      events: snapshot.quarantine,
    }));
}

/**
 * Events of a stream after a revision that no fold can read, at most a hundred: a tally lists only the first ones. Folds as
 * much of the stream as it takes to find them; between pages other work goes on.
 */
export async function moreQuarantined(
  log: EventLog,
  stream: string,
  after: bigint,
  signal: AbortSignal,
): Promise<readonly QuarantinedEvent[]> {
  const tally = new Tally(pollIdOf(stream) ?? '');
  for await (const page of log.read(stream, after + 1n)) {
    for (const event of page) tally.fold(event);
    const { quarantine, quarantined } = tally.snapshot();
    if (quarantined > quarantine.length) break;
    await setImmediate();
    signal.throwIfAborted();
  }
  return tally.snapshot().quarantine;
}

/** One event that no fold can read, with its bytes; undefined for another one. */
export async function readQuarantined(
  log: EventLog,
  tallies: TallyStore,
  stream: string,
  revision: string,
): Promise<QuarantinedRecord | undefined> {
  const polls = await listQuarantine(tallies);
  const listed = polls
    .flatMap(({ events }) => events)
    .find((event) => event.stream === stream && event.revision === revision);
  for await (const [first] of log.read(stream, BigInt(revision))) {
    if (first === undefined) break;
    // listed, though a newer release may read it; or after those that are listed
    const place = listed ?? quarantinedAlone(first);
    if (place === undefined) break;
    const { data, ...event } = first;
    const shown = data.subarray(0, SHOWN_BYTES);
    return { ...place, event, size: data.byteLength, text: textOf(shown), hex: Buffer.from(shown).toString('hex') };
  }
  return undefined;
}

function quarantinedAlone(event: RecordedEvent): QuarantinedEvent | undefined {
  const pollId = pollIdOf(event.stream);
  if (pollId === undefined) return undefined;
  const tally = new Tally(pollId);
  tally.fold(event);
  return tally.snapshot().quarantine[0];
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    // stream: the last character may have been cut in two
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream: true });
  } catch {
    return undefined;
  }
}
