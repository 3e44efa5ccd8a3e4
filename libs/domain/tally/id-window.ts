import type { BoxPlace } from './box-place.ts';
import { MINUTE_MS } from '../wire/canonical.ts';
import type { VoteCast } from '../wire/vote-cast.ts';
import { VoteIdSet } from './vote-id-set.ts';

/** How long an id is kept after its challenge expired, on the log's clock, ms. */
export const ID_GRACE_MS = 60_000;

export type Verdict = 'fresh' | 'duplicate' | 'expired';

/**
 * Rule 1, of polls that earlier versions opened: decides whether a vote id is seen for the first time, on the log's own clock. Ids
 * are forgotten a while after their challenge expired: an occurrence after that is `expired` by the clock alone, so
 * forgetting changes no verdict.
 */
export class IdWindow {
  /** Once the log's clock is past this time (ms since the epoch) no id matters any more. */
  until = 0;
  private ids = new VoteIdSet();
  /** Minute of expiry → position before the first event with an id that expires in it. */
  private readonly firstOfMinute = new Map<number, bigint>();

  constructor(private readonly place: BoxPlace) {}

  /** The verdict on the vote at the present place; its id is kept unless it is expired. */
  admit(vote: VoteCast): Verdict {
    const { clock, before } = this.place;
    const keepUntil = vote.expiresAt + ID_GRACE_MS;
    if (clock > keepUntil) return 'expired';
    if (keepUntil > this.until) this.until = keepUntil;
    const minute = Math.floor(keepUntil / MINUTE_MS);
    if (!this.firstOfMinute.has(minute)) this.firstOfMinute.set(minute, before);
    // an id must be known for as long as its own expiry is not over: whole seconds, rounded so that this holds
    const isFresh = this.ids.add(vote.voteId, Math.ceil(keepUntil / 1000), Math.ceil(clock / 1000));
    return isFresh ? 'fresh' : 'duplicate';
  }

  /** Frees the ids when `time` (ms since the epoch) is past the last one that may come again. */
  forgetBefore(time: number): void {
    if (this.until === 0 || this.until >= time || this.firstOfMinute.size === 0) return;
    this.ids = new VoteIdSet();
    this.firstOfMinute.clear();
  }

  /** The position after which all ids are that may come again. */
  windowFrom(): bigint {
    const oldest = Math.floor(this.place.clock / MINUTE_MS);
    let from = this.place.current;
    for (const [minute, position] of this.firstOfMinute) {
      if (minute < oldest) this.firstOfMinute.delete(minute);
      else if (position < from) from = position;
    }
    return from;
  }
}
