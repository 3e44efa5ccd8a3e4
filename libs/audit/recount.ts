import { type IdRecall, type RecordedEvent, Tally, type TallySnapshot, isBallotBox } from '#domain';

import { ClosingCheck } from './closing-check.ts';
import type { Counts } from './counts.ts';
import { isPhoto } from './poll-pages.ts';
import { OrderCheck } from './order-check.ts';
import { StreamHash } from './stream-hash.ts';

/** Places at which something from outside is compared. */
export interface Marks {
  /** Position up to which the stored tally holds. */
  readonly stored?: bigint | undefined;
  /** Revision of the ballot box up to which a total was published. */
  readonly published?: bigint | undefined;
  /** Revision up to which an earlier commitment goes. */
  readonly committed?: bigint | undefined;
}

/** What the recount says at such a place. */
export interface AtMark {
  readonly snapshot: TallySnapshot;
  /** When the first event behind it was recorded. */
  readonly nextRecordedAt: number;
}

/** One pass over a poll's events with the fold that the projector uses, and with every check that needs their order. */
export class Recount {
  readonly orderCheck = new OrderCheck();
  readonly closingCheck: ClosingCheck;
  /** The tally at the marks; undefined while the events there are not behind us. */
  stored: AtMark | undefined;
  published: AtMark | undefined;
  committed: string | undefined;
  /** Events of both streams. */
  events = 0;
  position = 0n;
  firstRecordedAt: number | undefined;
  lastRecordedAt: number | undefined;
  private readonly tally: Tally;
  private readonly hash = new StreamHash();
  private inBox = 0;

  constructor(
    readonly pollId: string,
    private readonly marks: Marks = {},
  ) {
    this.tally = new Tally(pollId);
    this.closingCheck = new ClosingCheck(pollId);
  }

  /**
   * Counts the next event, and looks at it.
   * @throws MissingIdsError when ids have to be read again first; then nothing has changed
   */
  fold(event: RecordedEvent): void {
    if (isPhoto(event.stream)) return this.closingCheck.addPhoto(event);
    this.passMarks(event);
    this.tally.fold(event);
    this.events++;
    this.position = event.position;
    this.orderCheck.add(event);
    this.closingCheck.add(event);
    if (!isBallotBox(event.stream)) return;
    this.inBox++;
    this.hash.add(event);
    this.firstRecordedAt ??= event.recordedAt;
    this.lastRecordedAt = event.recordedAt;
  }

  missing(events: readonly RecordedEvent[]): IdRecall | undefined {
    return this.tally.missing(events);
  }

  snapshot(): TallySnapshot {
    return this.tally.snapshot();
  }

  counts(): Counts {
    const { revision, votes, hours, duplicates, late, expired, quarantined, cut } = this.snapshot();
    const { cuts, unreadableDecisions } = this.closingCheck;
    const inBox = quarantined - unreadableDecisions;
    return { events: this.inBox, revision, votes, hours, duplicates, late, expired, quarantined: inBox, cuts, cut };
  }

  /** SHA-256 over the ballot box up to here, and the revision of its last event. */
  commitment(): string {
    return `${this.hash.digest()}@${this.snapshot().revision}`;
  }

  private before({ recordedAt: nextRecordedAt }: RecordedEvent): AtMark {
    return { snapshot: this.snapshot(), nextRecordedAt };
  }

  private passMarks(event: RecordedEvent): void {
    const { stored, published, committed } = this.marks;
    if (stored !== undefined && event.position > stored) this.stored ??= this.before(event);
    if (!isBallotBox(event.stream)) return;
    if (published !== undefined && event.revision > published) this.published ??= this.before(event);
    if (committed !== undefined && event.revision > committed) this.committed ??= this.commitment();
  }
}

/** Counts a poll's events, given in log order, with the fold alone. */
export function recount(pollId: string, events: Iterable<RecordedEvent>): Counts {
  const pass = new Recount(pollId);
  for (const event of events) pass.fold(event);
  return pass.counts();
}
