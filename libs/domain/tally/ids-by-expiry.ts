import type { BoxPlace } from './box-place.ts';
import { MINUTE_MS } from '../wire/canonical.ts';
import { IdRecall, MAX_SPANS, type Span, newMinuteSet } from './id-recall.ts';
import type { VoteCast } from '../wire/vote-cast.ts';
import type { VoteIdSet } from './vote-id-set.ts';

/** What may be in memory. None of it changes a verdict. */
export interface IdLimits {
  /** Above so many ids, sets that were not used lately are dropped. At 1,000 votes a second, a challenge's life is 360,000 ids. */
  readonly heldIds: number;
  /** A set that none of so many votes used is idle. */
  readonly idleVotes: number;
  /** Sets, however few ids they hold. */
  readonly maxSets: number;
  /** Minutes of which it is known where their votes stand; see `IdRecall`. */
  readonly maxSpans: number;
  /** Events that a restart reads again, at most. */
  readonly maxRefill: bigint;
}

const LIMITS: IdLimits = {
  heldIds: 2 ** 18,
  idleVotes: 2 ** 16,
  maxSets: 2 ** 13,
  maxSpans: MAX_SPANS,
  maxRefill: 2n ** 22n,
};
/** Minutes of which the ids are read from the box at a time. */
const MAX_RECALLED = 64;
/** How exactly the use of a set is noted: in so many parts of what makes it idle. */
const USE_STEPS = 64;

interface HeldSet {
  readonly ids: VoteIdSet;
  /** Votes that were admitted when it was last used, give or take a step. */
  usedAt: number;
}

/** What a snapshot keeps: the ids that expire after a time (ms) are all at this revision of the box or later. */
export interface IdRefill {
  readonly since: string;
  readonly after: number;
  /** The last time at which any challenge of the box expires, ms since the epoch. */
  readonly until: number;
}

/** The ids of a minute are not in memory: they have to be read from the box before this vote can be judged. */
export class MissingIdsError extends Error {
  override readonly name = 'MissingIdsError';
}

/**
 * Rule 2: the first vote with an id counts, whatever any clock says. An id is looked up in the set of the minute in which its
 * challenge expires, which the challenge's signature binds to it. Sets that are used stay in memory; another one is read again
 * from the box when a vote asks for it. So what is in memory decides what a verdict costs, and never what it is.
 */
export class IdsByExpiry {
  /** By minute of expiry, complete; roughly in the order in which they were last used. */
  private readonly sets = new Map<number, HeldSet>();
  private readonly spans = new Map<number, Span>();
  /** Events of the box before this revision are in no span, and none of them expires after the minute `horizon`. */
  private unindexed = 0n;
  private horizon = -1;
  /** The last minute in which any vote expires. */
  private newest = -1;
  private admitted = 0;
  private held = 0;
  private lastRevision = -1n;
  /** After a restart, until the first event comes again. */
  private refill: IdRefill | undefined;
  private window: { readonly from: bigint; readonly ids: IdRefill } | undefined;

  constructor(
    private readonly place: BoxPlace,
    private readonly limits = LIMITS,
  ) {}

  /**
   * Whether the vote's id is there for the first time; it is known from now on.
   * @throws MissingIdsError, and then nothing has changed
   */
  admit(vote: VoteCast, revision: bigint): boolean {
    const minute = vote.expiresAt / MINUTE_MS;
    const set = this.setOf(minute);
    if (set === undefined) throw new MissingIdsError('the ids of this minute have to be read again');
    this.note(minute, revision);
    this.admitted++;
    return this.addTo(set, vote);
  }

  /** Takes in an id that was judged before a restart. */
  remember(vote: VoteCast, revision: bigint): void {
    const minute = vote.expiresAt / MINUTE_MS;
    this.beginRefill(revision);
    const set = minute > this.horizon ? this.setOf(minute) : undefined;
    this.note(minute, revision);
    if (set !== undefined) this.addTo(set, vote);
  }

  /** What has to be read from the box before these votes can be judged; undefined: nothing. */
  missing(votes: Iterable<VoteCast>): IdRecall | undefined {
    const minutes = new Set<number>();
    let [from, to] = [-1n, -1n];
    for (const { expiresAt } of votes) {
      const minute = expiresAt / MINUTE_MS;
      const range = this.sets.has(minute) ? undefined : this.rangeOf(minute);
      if (range === undefined || minutes.size >= Math.min(MAX_RECALLED, this.limits.maxSets)) continue;
      minutes.add(minute);
      if (from < 0n || range.first < from) from = range.first;
      if (range.last > to) to = range.last;
    }
    return minutes.size === 0 ? undefined : new IdRecall(from, to, minutes, (recall) => this.recalled(recall));
  }

  /** Frees what is in memory when no challenge is alive any more at `time` (ms since the epoch). */
  forgetBefore(time: number): void {
    if (this.newest * MINUTE_MS >= time || this.spans.size === 0) return;
    this.sets.clear();
    this.held = 0;
    this.forgetSpans(this.lastRevision + 1n);
  }

  /** Where a restart refills the ids from, and what it then has. Undefined: there is none yet. */
  state(): { readonly from: bigint; readonly ids: IdRefill } | undefined {
    if (this.newest < 0) return undefined;
    // it holds for ever; only later ones have less to read
    this.window ??= this.windowNow();
    return this.window;
  }

  /** Goes on from a snapshot. Ids that are not refilled with `remember` are read from the box when they are asked for. */
  restore(ids: IdRefill, revision: bigint): void {
    this.refill = ids;
    this.newest = this.horizon = ids.until / MINUTE_MS;
    this.lastRevision = revision;
    this.unindexed = revision + 1n;
  }

  private beginRefill(revision: bigint): void {
    if (this.refill === undefined) return;
    const { since, after } = this.refill;
    this.unindexed = revision;
    if (revision <= BigInt(since)) this.horizon = after / MINUTE_MS;
    this.refill = undefined;
  }

  /** The set of a minute, a new one for a minute that the box has not had; undefined when it has to be read. */
  private setOf(minute: number): HeldSet | undefined {
    const set = this.sets.get(minute);
    if (set === undefined) return this.rangeOf(minute) === undefined ? this.hold(minute, newMinuteSet()) : undefined;
    if (this.admitted - set.usedAt > this.limits.idleVotes / USE_STEPS) {
      set.usedAt = this.admitted;
      this.sets.delete(minute);
      this.sets.set(minute, set);
    }
    return set;
  }

  private addTo({ ids }: HeldSet, { voteId }: VoteCast): boolean {
    const isFresh = ids.addForGood(voteId);
    if (isFresh) this.held++;
    return isFresh;
  }

  private hold(minute: number, ids: VoteIdSet): HeldSet {
    const { heldIds, idleVotes, maxSets } = this.limits;
    for (const [oldest, { ids: idle, usedAt }] of this.sets) {
      const isIdle = this.held > heldIds && this.admitted - usedAt > idleVotes;
      if (!isIdle && this.sets.size < maxSets) break;
      this.sets.delete(oldest);
      this.held -= idle.size;
    }
    const set = { ids, usedAt: this.admitted };
    this.sets.set(minute, set);
    this.held += ids.size;
    this.window = undefined;
    return set;
  }

  /** Where the box may have votes of a minute: revisions, both inclusive. */
  private rangeOf(minute: number): { readonly first: bigint; readonly last: bigint } | undefined {
    const span = this.spans.get(minute);
    if (minute > this.horizon || this.unindexed === 0n) return span;
    return { first: 0n, last: span?.last ?? this.unindexed - 1n };
  }

  private note(minute: number, revision: bigint): void {
    this.lastRevision = revision;
    const span = this.spans.get(minute);
    if (span !== undefined) {
      span.last = revision;
      return;
    }
    if (this.spans.size >= this.limits.maxSpans) this.forgetSpans(revision);
    this.spans.set(minute, { before: this.place.before, first: revision, last: revision });
    if (minute > this.newest) this.newest = minute;
    this.window = undefined;
  }

  private forgetSpans(unindexed: bigint): void {
    this.spans.clear();
    this.unindexed = unindexed;
    this.horizon = this.newest;
    this.window = undefined;
  }

  /** Takes in what was read from the box. From its beginning on, that is also where the votes of all other minutes stand. */
  private recalled({ from, sets, spans }: IdRecall): void {
    for (const [minute, ids] of sets) this.hold(minute, ids);
    if (from > 0n || this.unindexed === 0n || spans.size > this.limits.maxSpans) return;
    for (const [minute, span] of spans) {
      const last = this.spans.get(minute)?.last ?? span.last;
      this.spans.set(minute, { ...span, last });
    }
    this.unindexed = 0n;
    this.window = undefined;
  }

  private windowNow(): { readonly from: bigint; readonly ids: IdRefill } {
    const last = this.lastRevision;
    let oldest = { before: this.place.current, first: last + 1n };
    for (const [minute, { usedAt }] of this.sets) {
      const span = this.spans.get(minute);
      const isUsed =
        this.admitted - usedAt <= this.limits.idleVotes && (minute > this.horizon || this.unindexed === 0n);
      if (span && isUsed && span.first + this.limits.maxRefill > last && span.first < oldest.first) oldest = span;
    }
    let after = this.unindexed === 0n ? -1 : this.horizon;
    for (const [minute, span] of this.spans) if (span.before < oldest.before && minute > after) after = minute;
    return {
      from: oldest.before,
      ids: { since: String(oldest.first), after: after * MINUTE_MS, until: this.newest * MINUTE_MS },
    };
  }
}
