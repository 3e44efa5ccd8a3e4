import { type ReadStream, type RecordedEvent, ballotBoxStream, isBallotBox, pollIdOf, pollStream } from '#domain';

import { replaced } from './foreign-read-model.ts';

/** Events of a stream that the log has, or had, and its subscription did not bring. */
export interface SkippedEvents {
  readonly stream: string;
  /** Their revisions, both inclusive. */
  readonly from: bigint;
  readonly to: bigint;
  /** How many could be read after all; the others are lost. */
  readonly found: number;
}

/** What the gaps ask of the tallies: the last revision of a box that was folded, and which polls are not over. */
export interface TalliesInView {
  lastRevision(pollId: string): bigint;
  underWay(): Iterable<string>;
}

/** Finds what a subscription left out, by revisions, which have no gaps in a stream, and reads it from the log. */
export class StreamGaps {
  /** Of the polls' own streams: revision of the last event that was taken in. */
  private readonly pollRevisions = new Map<string, bigint>();
  /** The last event of each stream that was taken in by this process. */
  private readonly latest = new Map<string, RecordedEvent>();
  /** Hears of events that the log did not bring by itself. */
  onSkipped: (skipped: SkippedEvents) => void = () => {};

  constructor(
    private readonly read: ReadStream,
    private readonly tallies: TalliesInView,
  ) {}

  /** An event was taken in. */
  passed(event: RecordedEvent): void {
    const { stream, revision } = event;
    if (!isBallotBox(stream)) this.pollRevisions.set(stream, revision);
    if (revision >= (this.latest.get(stream)?.revision ?? 0n)) this.latest.set(stream, event);
  }

  /** Whether something may have to be folded before this event. */
  precedes({ stream, revision }: RecordedEvent): boolean {
    const last = this.deliveredTo(stream);
    return !this.pollRevisions.has(pollStream(pollIdOf(stream) ?? '')) || (last !== undefined && revision > last + 1n);
  }

  /** Whether this event was not taken in yet. */
  isNew({ stream, revision }: RecordedEvent): boolean {
    return revision > (this.lastRevisionOf(stream) ?? -1n);
  }

  /** What has to be folded before an event that `precedes` says so of; what the log has not either is told. */
  async *before(event: RecordedEvent): AsyncGenerator<RecordedEvent> {
    yield* this.ownStream(event);
    const from = (this.deliveredTo(event.stream) ?? event.revision - 1n) + 1n;
    if (from >= event.revision) return;
    let found = 0;
    for await (const page of this.read(event.stream, from)) {
      for (const one of page) {
        if (one.revision >= event.revision) break;
        found++;
        yield one;
      }
      if (page.at(-1)!.revision >= event.revision) break;
    }
    this.onSkipped({ stream: event.stream, from, to: event.revision - 1n, found });
  }

  /**
   * At most one page of what follows the last event of each stream of the polls that are not over, in log order.
   * @throws ForeignReadModelError where the log has not that last event any more
   */
  async behind(): Promise<RecordedEvent[]> {
    const found: RecordedEvent[] = [];
    for (const pollId of this.tallies.underWay()) {
      for (const stream of [ballotBoxStream(pollId), pollStream(pollId)]) {
        const last = this.lastRevisionOf(stream);
        if (last !== undefined) found.push(...(await this.after(stream, last)));
      }
    }
    return found.sort((one, other) => Number(one.position - other.position));
  }

  /** A page of what stands after a revision; before it, whether that is still what was taken in. */
  private async after(stream: string, last: bigint): Promise<readonly RecordedEvent[]> {
    const latest = this.latest.get(stream);
    const isKnown = latest?.revision === last;
    for await (const page of this.read(stream, isKnown ? last : last + 1n)) {
      if (!isKnown) return page;
      if (page[0]?.id === latest.id) return page.slice(1);
      break;
    }
    if (!isKnown) return [];
    throw replaced({ stream, revision: String(last) });
  }

  /** Of a poll of which nothing was delivered yet, or not since the restart: what stands before the event in its own stream. */
  private async *ownStream({ stream: of, position }: RecordedEvent): AsyncGenerator<RecordedEvent> {
    const stream = pollStream(pollIdOf(of) ?? '');
    if (this.pollRevisions.has(stream)) return;
    this.pollRevisions.set(stream, -1n);
    for await (const page of this.read(stream, 0n)) {
      for (const event of page) {
        if (event.position >= position) return;
        yield event;
      }
    }
  }

  /**
   * Up to where a stream has come in this process: after a restart events come again to refill ids, and of these none may be missing either.
   * Before the first of them it is where the tally is: what is not refilled from its beginning is read from the box when it is asked for.
   */
  private deliveredTo(stream: string): bigint | undefined {
    return this.latest.get(stream)?.revision ?? this.lastRevisionOf(stream);
  }

  /** Undefined where it is not known. */
  private lastRevisionOf(stream: string): bigint | undefined {
    return isBallotBox(stream) ? this.tallies.lastRevision(pollIdOf(stream) ?? '') : this.pollRevisions.get(stream);
  }
}

/** What is done one after the other, whoever asks for it. */
export class Turns {
  private last: Promise<unknown> = Promise.resolve();

  take<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.last.then(work, work);
    this.last = turn.catch(() => undefined);
    return turn;
  }
}
