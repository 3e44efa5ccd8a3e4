import {
  BALLOT_BOX_OPENED,
  type IdRecall,
  type RecordedEvent,
  Tally,
  type TallySnapshot,
  isBallotBox,
  pollOfCheckpoints,
} from '#domain';

import { BoxWatch } from './box-watch.ts';
import { ClosingCheck } from './closing-check.ts';
import { Commitment, type Extent } from './commitment.ts';
import type { Counts } from './counts.ts';
import type { EvidenceWatch } from './evidence-check.ts';
import { isPhoto } from './poll-pages.ts';
import { OrderCheck } from './order-check.ts';
import { PauseWatch } from './pauses.ts';
import { SignOffWatch } from './sign-off.ts';

/** Places at which something from outside is compared. */
export interface Marks {
  /** Position up to which the stored tally holds. */
  readonly stored?: bigint | undefined;
  /** Revisions of the ballot box up to which totals were published. */
  readonly published?: readonly bigint[];
  /** How far an earlier commitment goes. */
  readonly committed?: Extent | undefined;
}

/** What the recount says at such a place. */
export interface AtMark {
  readonly snapshot: TallySnapshot;
  /** When the first event after it was recorded. */
  readonly nextRecordedAt: number;
}

/** One pass over a poll's events with the fold that the projector uses, and with every check that needs their order. */
export class Recount {
  readonly orderCheck = new OrderCheck();
  readonly closingCheck: ClosingCheck;
  readonly pauseWatch = new PauseWatch();
  readonly signOffWatch = new SignOffWatch();
  readonly boxWatch: BoxWatch;
  /** The tally at the marks; undefined until the events there were read. */
  stored: AtMark | undefined;
  readonly published = new Map<bigint, AtMark>();
  readonly commitment: Commitment;
  /** Events of both streams. */
  events = 0;
  /** Events of the poll's own stream. */
  acts = 0;
  position = 0n;
  firstRecordedAt: number | undefined;
  lastRecordedAt: number | undefined;
  /** The latest recorded time of all that was read of the poll, checkpoints too, ms since the epoch; 0 for nothing. */
  newestRecordedAt = 0;
  private readonly tally: Tally;
  private inBox = 0;
  private openings = 0;

  constructor(
    readonly pollId: string,
    private readonly marks: Marks = {},
    readonly evidenceWatch?: EvidenceWatch,
  ) {
    this.tally = new Tally(pollId);
    this.closingCheck = new ClosingCheck(pollId);
    this.boxWatch = new BoxWatch(pollId);
    this.commitment = new Commitment(pollId, marks.committed);
  }

  /**
   * Counts the next event, and looks at it.
   * @throws MissingIdsError when ids have to be read again first; then nothing has changed
   */
  fold(event: RecordedEvent): void {
    this.newestRecordedAt = Math.max(this.newestRecordedAt, event.recordedAt);
    if (isPhoto(event.stream)) return this.addPhoto(event);
    if (pollOfCheckpoints(event.stream) !== undefined) return this.orderCheck.add(event);
    this.passMarks(event);
    this.tally.fold(event);
    this.events++;
    this.position = event.position;
    this.orderCheck.add(event);
    this.closingCheck.add(event);
    this.pauseWatch.add(event);
    this.signOffWatch.add(event);
    this.boxWatch.add(event);
    this.commitment.add(event);
    if (!isBallotBox(event.stream)) {
      this.acts++;
      return;
    }
    this.inBox++;
    this.evidenceWatch?.add(event, this.tally.vote);
    if (event.type === BALLOT_BOX_OPENED && event.revision === 0n) this.openings = 1;
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
    const { openings } = this;
    return {
      events: this.inBox,
      revision,
      votes,
      hours,
      duplicates,
      late,
      expired,
      quarantined: inBox,
      cuts,
      openings,
      cut,
    };
  }

  private addPhoto(event: RecordedEvent): void {
    this.orderCheck.add(event);
    this.closingCheck.addPhoto(event);
  }

  private before({ recordedAt: nextRecordedAt }: RecordedEvent): AtMark {
    return { snapshot: this.snapshot(), nextRecordedAt };
  }

  private passMarks(event: RecordedEvent): void {
    const { stored, published = [] } = this.marks;
    if (stored !== undefined && event.position > stored) this.stored ??= this.before(event);
    if (!isBallotBox(event.stream)) return;
    for (const mark of published) {
      if (event.revision > mark && !this.published.has(mark)) this.published.set(mark, this.before(event));
    }
  }
}

/** Counts a poll's events, given in log order, with the fold alone. */
export function recount(pollId: string, events: Iterable<RecordedEvent>): Counts {
  const pass = new Recount(pollId);
  for (const event of events) pass.fold(event);
  return pass.counts();
}
