import type { RecordedEvent } from './recorded-event.ts';
import type { TallySnapshot } from './tally-snapshot.ts';
import type { VoteCast } from './vote-cast.ts';
import { VoteIdSet } from './vote-id-set.ts';

/** How long an id is kept after its challenge expired, on the log's clock, ms. */
export const ID_GRACE_MS = 60_000;
const MINUTE_MS = 60_000;

export type Verdict = 'fresh' | 'duplicate' | 'expired';

/**
 * Decides whether a vote id is seen for the first time, on the log's own clock. Ids are forgotten a while after their
 * challenge expired: an occurrence after that is `expired` by the clock alone, so forgetting changes no verdict.
 */
export class IdWindow {
  /** Running maximum of the recorded times, ms since the epoch. */
  clock = 0;
  private until = 0;
  private ids = new VoteIdSet();
  /** Minute of expiry → position before the first event with an id that expires in it. */
  private readonly firstOfMinute = new Map<number, bigint>();
  private previous = 0n;
  private current = 0n;

  /** Moves the clock and the place in the log to an event of the ballot box. */
  advance({ recordedAt, position }: RecordedEvent): void {
    if (recordedAt > this.clock) this.clock = recordedAt;
    this.moveTo(position);
  }

  /** The verdict on a vote at the clock's present time; its id is kept unless it is expired. */
  admit(vote: VoteCast, position: bigint): Verdict {
    const keepUntil = vote.expiresAt + ID_GRACE_MS;
    if (this.clock > keepUntil) return 'expired';
    if (keepUntil > this.until) this.until = keepUntil;
    this.moveTo(position);
    const minute = Math.floor(keepUntil / MINUTE_MS);
    if (!this.firstOfMinute.has(minute)) this.firstOfMinute.set(minute, this.previous);
    // an id must be known for as long as its own expiry is not over: whole seconds, rounded so that this holds
    const isFresh = this.ids.add(vote.voteId, Math.ceil(keepUntil / 1000), Math.ceil(this.clock / 1000));
    return isFresh ? 'fresh' : 'duplicate';
  }

  /** Frees the ids when `time` (ms since the epoch) is past the last one that may come again. */
  forgetBefore(time: number): void {
    if (this.until === 0 || this.until >= time || this.isEmpty) return;
    this.ids = new VoteIdSet();
    this.firstOfMinute.clear();
  }

  private get isEmpty(): boolean {
    return this.firstOfMinute.size === 0;
  }

  /**
   * What a snapshot keeps of it: the clock, and where in the log the ids stand that must still be known. The ids themselves
   * are not in it: a restart refills them with `admit`, from `windowFrom` on.
   */
  state(): Pick<TallySnapshot, 'clock' | 'windowFrom' | 'windowUntil'> {
    return { clock: this.clock, windowFrom: String(this.windowFrom()), windowUntil: this.until };
  }

  /** Goes on from a snapshot. Until the ids are refilled from `windowFrom` on, duplicates are taken for fresh. */
  restore({ clock, windowFrom, windowUntil }: Pick<TallySnapshot, 'clock' | 'windowFrom' | 'windowUntil'>): void {
    this.clock = clock;
    this.until = windowUntil;
    this.previous = this.current = BigInt(windowFrom);
  }

  /** `previous` is the last position below the current one: events of one append may share a position. */
  private moveTo(position: bigint): void {
    if (position <= this.current) return;
    this.previous = this.current;
    this.current = position;
  }

  private windowFrom(): bigint {
    const oldest = Math.floor(this.clock / MINUTE_MS);
    let from = this.current;
    for (const [minute, position] of this.firstOfMinute) {
      if (minute < oldest) this.firstOfMinute.delete(minute);
      else if (position < from) from = position;
    }
    return from;
  }
}
