import { BoxPlace } from './box-place.ts';
import { MINUTE_MS } from '../wire/canonical.ts';
import type { RecordedEvent } from '../wire/recorded-event.ts';
import { VoteCodec, versionOf } from '../wire/vote-cast.ts';
import { VoteIdSet } from './vote-id-set.ts';

/** Minutes whose votes' places are kept: those of 45 days. Who writes votes of more minutes into a log makes it slow, no more. */
export const MAX_SPANS = 2 ** 16;

/** Where in the box the votes of one minute of expiry stand. */
export interface Span {
  /** Position before the first of them. */
  readonly before: bigint;
  readonly first: bigint;
  last: bigint;
}

/** Most minutes have thousands of votes, but who tampers with a log may make as many minutes as votes. */
const MINUTE_CAPACITY = 16;
export const newMinuteSet = (): VoteIdSet => new VoteIdSet(MINUTE_CAPACITY);

/** Ids that a fold needs, while they are read from the box again: feed it every event of the range, in order. */
export class IdRecall {
  /** By minute of expiry. */
  readonly sets: ReadonlyMap<number, VoteIdSet>;
  /** Where the votes of every minute stand within the range; no more than one too many. */
  readonly spans = new Map<number, Span>();
  private readonly place = new BoxPlace();
  private readonly codec = new VoteCodec();

  /**
   * @param from first revision to be read
   * @param to the last one
   * @param whenDone takes the ids into the fold
   */
  constructor(
    readonly from: bigint,
    readonly to: bigint,
    minutes: Iterable<number>,
    private readonly whenDone: (recall: IdRecall) => void,
  ) {
    this.sets = new Map([...minutes].map((minute) => [minute, newMinuteSet()]));
  }

  add(event: RecordedEvent): void {
    this.place.moveTo(event.position);
    const vote = this.codec.voteIn(event);
    if (vote === undefined || versionOf(vote) !== 2) return;
    const minute = vote.expiresAt / MINUTE_MS;
    this.sets.get(minute)?.addForGood(vote.voteId);
    const span = this.spans.get(minute);
    if (span !== undefined) span.last = event.revision;
    else if (this.spans.size <= MAX_SPANS) {
      this.spans.set(minute, { before: this.place.before, first: event.revision, last: event.revision });
    }
  }

  /** Everything up to the end of the range was added. */
  done(): void {
    this.whenDone(this);
  }
}
