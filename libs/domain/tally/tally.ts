import { type QuarantineReason, UnreadableEventError } from '../errors.ts';
import { type Poll, evolve, participantCountOf, ruleOf } from '../poll/poll.ts';
import { BALLOT_BOX_CLOSED, BALLOT_BOX_OPENED, decodePollEvent } from '../wire/poll-events.ts';
import { isBallotBox, type RecordedEvent } from '../wire/recorded-event.ts';
import type { Buckets, QuarantinedEvent, TallySnapshot } from './tally-snapshot.ts';
import { type VoteCast, VoteCodec, isVoteCast, versionOf } from '../wire/vote-cast.ts';
import { BoxPlace } from './box-place.ts';
import { Curve } from './curve.ts';
import { MINUTE_MS, hourKey, minuteKey } from '../wire/canonical.ts';
import type { IdRecall } from './id-recall.ts';
import { IdWindow } from './id-window.ts';
import type { BallotOutcome, VoteOutcome } from './ballot-outcome.ts';
import { IdsByExpiry } from './ids-by-expiry.ts';
import { Pace } from './pace.ts';
import { upcast } from '../wire/upcasters.ts';

/** The minutes of the last hour, the one that it began in, and the one that it ends in. */
const MAX_MINUTES = 62;
const MAX_QUARANTINE_SAMPLES = 100;

/**
 * The counts of one poll, folded from its two streams in log order. It has no clock but the log's, so every replay of
 * the same events decides alike. Feed it every event once, in order; `remember` refills the ids after a restart.
 *
 * A vote is judged by the rule of its own version, which must be that of the poll's opening: so a box without the poll's own
 * stream can be counted too.
 */
export class Tally {
  private poll: Poll | undefined;
  private openedPosition: bigint | undefined;
  private revision = -1n;
  private skipped = 0;
  private votes = zeros(participantCountOf(undefined));
  private hours: Buckets = {};
  private minutes: Buckets = {};
  /** Events that are no counted votes, by their outcome. */
  private uncounted = { duplicate: 0, late: 0, expired: 0, quarantined: 0 };
  /** What became of the event of the ballot box that was folded last. */
  outcome: BallotOutcome = 'quarantined';
  /** The vote that it is; undefined: it is none, or was not read. */
  vote: VoteCast | undefined;
  private quarantine: QuarantinedEvent[] = [];
  private cut: bigint | undefined;
  private readonly place = new BoxPlace();
  private readonly window = new IdWindow(this.place);
  private readonly ids = new IdsByExpiry(this.place);
  private curve = new Curve();
  private pace: Pace | undefined;
  private readonly codec = new VoteCodec();
  private minute = NaN;
  private key = '';

  constructor(readonly pollId: string) {}

  /** The tally as it was stored. Its ids are refilled with `remember` from `windowFrom` on. */
  static from(snapshot: TallySnapshot): Tally {
    const tally = new Tally(snapshot.pollId);
    tally.poll = snapshot.poll ?? undefined;
    if (snapshot.openedPosition !== undefined) tally.openedPosition = BigInt(snapshot.openedPosition);
    tally.revision = BigInt(snapshot.revision);
    tally.votes = [...snapshot.votes];
    tally.hours = structuredClone(snapshot.hours);
    tally.minutes = structuredClone(snapshot.minutes);
    const { duplicates: duplicate, late, expired, quarantined } = snapshot;
    tally.uncounted = { duplicate, late, expired, quarantined };
    tally.skipped = snapshot.skipped ?? 0;
    tally.quarantine = [...snapshot.quarantine];
    tally.cut = snapshot.cut === null ? undefined : BigInt(snapshot.cut);
    tally.pace = Pace.of(snapshot.poll, snapshot.pace);
    if (snapshot.curve !== undefined) tally.curve = Curve.from(snapshot.curve);
    tally.place.restore(snapshot.clock, BigInt(snapshot.windowFrom));
    tally.window.until = snapshot.windowUntil;
    if (snapshot.ids !== undefined) tally.ids.restore(snapshot.ids, tally.revision);
    return tally;
  }

  /**
   * Counts one event of the poll's streams. What cannot be read is quarantined, never thrown.
   * @throws MissingIdsError when ids have to be read from the box first, see `missing`; then the event was not counted
   */
  fold(event: RecordedEvent): void {
    try {
      if (isBallotBox(event.stream)) this.foldBallot(event);
      else this.foldPoll(event);
    } catch (error) {
      if (!(error instanceof UnreadableEventError)) throw error;
      this.setAside(event, error.reason);
    }
  }

  /** Revision of the last event of the ballot box that was folded, -1 before the first. */
  get lastRevision(): bigint {
    return this.revision;
  }

  /** Whether nothing that comes counts any more: the poll is cut, or a draft, of which there is nothing to count yet. */
  get isOver(): boolean {
    return this.cut !== undefined || this.openedPosition === undefined;
  }

  /** Takes in the id of a vote that was folded before the restart, without counting it again. */
  remember(event: RecordedEvent): void {
    if (!isBallotBox(event.stream)) return;
    this.place.moveTo(event.position);
    const vote = this.codec.voteIn(event);
    if (vote === undefined) return;
    if (versionOf(vote) === 2) this.ids.remember(vote, event.revision);
    else this.window.admit(vote);
  }

  /** What has to be read from the box before these events, which come next, can be folded; undefined: nothing. */
  missing(events: readonly RecordedEvent[]): IdRecall | undefined {
    const votes = events.filter(({ stream }) => isBallotBox(stream)).map((event) => this.codec.voteIn(event));
    return this.ids.missing(votes.filter((vote): vote is VoteCast => vote !== undefined && versionOf(vote) === 2));
  }

  /**
   * Frees the ids of a poll that is over: at `time` (ms since the epoch) on the log's clock none of them matters any more. Those of an open poll
   * stay, whatever the clock says: votes go on to come, and each would have the box read again.
   */
  forgetIdsBefore(time: number): void {
    if (!this.isOver) return;
    this.window.forgetBefore(time);
    this.ids.forgetBefore(time);
  }

  /** The tally as plain JSON, for the read model. */
  snapshot(): TallySnapshot {
    const { pollId, votes, hours, minutes, quarantine } = this;
    const { duplicate: duplicates, late, expired, quarantined } = this.uncounted;
    return {
      ...{ pollId, duplicates, late, expired, quarantined },
      poll: this.poll ?? null,
      ...(this.openedPosition !== undefined && { openedPosition: String(this.openedPosition) }),
      revision: String(this.revision),
      votes: [...votes],
      hours: structuredClone(hours),
      minutes: structuredClone(minutes),
      ...(this.skipped > 0 && { skipped: this.skipped }),
      quarantine: [...quarantine],
      cut: this.cut === undefined ? null : String(this.cut),
      ...(this.pace && { pace: this.pace.snapshot() }),
      ...(!this.curve.isEmpty && { curve: this.curve.snapshot() }),
      ...this.idState(),
    };
  }

  private idState(): Pick<TallySnapshot, 'clock' | 'windowFrom' | 'windowUntil' | 'ids'> {
    const { clock } = this.place;
    const [from, until, byExpiry] = [this.window.windowFrom(), this.window.until, this.ids.state()];
    if (byExpiry === undefined) return { clock, windowFrom: String(from), windowUntil: until };
    const first = byExpiry.from < from ? byExpiry.from : from;
    return { clock, windowFrom: String(first), windowUntil: Math.max(until, byExpiry.ids.until), ids: byExpiry.ids };
  }

  private foldPoll(event: RecordedEvent): void {
    const decoded = decodePollEvent(event);
    this.poll = evolve(this.poll, decoded);
    this.makeRoom();
    if (decoded.type === 'PollOpened') this.openedPosition = event.position;
    this.pace ??= Pace.of(this.poll ?? null);
  }

  /** Every participant has a place in every count, also without votes. */
  private makeRoom(): void {
    const participants = participantCountOf(this.poll);
    if (this.revision < 0n) this.votes = zeros(participants);
    // only in a log that was tampered with are there votes before it is known who takes part
    const all = [this.votes, ...Object.values(this.hours), ...Object.values(this.minutes)];
    for (const counts of all) counts.push(...zeros(Math.max(0, participants - counts.length)));
  }

  private foldBallot(event: RecordedEvent): void {
    // revisions have no gaps: whatever lies between was not delivered
    if (event.revision > this.revision + 1n) this.skipped += Number(event.revision - this.revision - 1n);
    [this.revision, this.vote] = [event.revision, undefined];
    this.place.advance(event);
    const current = upcast(event);
    if (current.type === BALLOT_BOX_OPENED && event.revision === 0n) this.outcome = 'opening';
    else if (current.type === BALLOT_BOX_CLOSED) this.close(event);
    else if (isVoteCast(current)) this.foldVote(current);
    else throw new UnreadableEventError('unknown-event', `${event.type} v${String(event.version)}`);
  }

  private close({ revision }: RecordedEvent): void {
    this.cut ??= revision;
    this.outcome = 'closing';
    this.curve.finish();
  }

  /** The order of the checks makes distinct = counted + late + expired + quarantined. */
  private foldVote(event: RecordedEvent): void {
    const rule = ruleOf(this.poll) ?? event.version;
    if (event.version !== rule) {
      throw new UnreadableEventError(
        'other-rule',
        `VoteCast v${String(event.version)} in a poll of rule ${String(rule)}`,
      );
    }
    const vote = (this.vote = this.codec.decode(event));
    const outcome = (this.outcome = this.outcomeOf(vote, event));
    if (outcome === 'counted') this.count(vote);
    else if (outcome === 'quarantined') this.setAside(event, 'unknown-participant');
    else this.uncounted[outcome]++;
  }

  private outcomeOf(vote: VoteCast, { version, revision }: RecordedEvent): VoteOutcome {
    const verdict = version === 1 ? this.window.admit(vote) : this.ids.admit(vote, revision) ? 'fresh' : 'duplicate';
    if (verdict !== 'fresh') return verdict;
    if (vote.participantId > participantCountOf(this.poll)) return 'quarantined';
    return this.cut === undefined ? 'counted' : 'late';
  }

  private count(vote: VoteCast): void {
    const slot = vote.participantId - 1;
    const minute = this.minuteOf(vote.castAt);
    this.votes[slot]!++;
    this.pace?.add(vote.castAt);
    if ('price' in vote.humanCheck) this.curve.add(vote.castAt, slot, vote.humanCheck.price);
    this.increment(this.hours, hourKey(minute), slot);
    if (this.increment(this.minutes, minute, slot)) this.pruneMinutes();
  }

  /** @returns whether the bucket is new */
  private increment(buckets: Buckets, key: string, slot: number): boolean {
    const bucket = buckets[key];
    if (bucket === undefined) buckets[key] = zeros(this.votes.length);
    buckets[key]![slot]!++;
    return bucket === undefined;
  }

  /** Neighbours mostly share their minute, and formatting a date is the dearest step of a vote. */
  private minuteOf(time: number): string {
    const minute = Math.floor(time / MINUTE_MS);
    if (minute !== this.minute) {
      this.minute = minute;
      this.key = minuteKey(time);
    }
    return this.key;
  }

  /**
   * The minute that began first in the log goes, not the earliest: a clock that went forward and came back leaves minutes of the future, and
   * those of the present must not go for them. Keys keep the order in which they came, in JSON too.
   */
  private pruneMinutes(): void {
    const keys = Object.keys(this.minutes);
    for (const key of keys.slice(0, Math.max(0, keys.length - MAX_MINUTES))) delete this.minutes[key];
  }

  private setAside({ stream, revision, position }: RecordedEvent, reason: QuarantineReason): void {
    this.outcome = 'quarantined';
    this.uncounted.quarantined++;
    if (this.quarantine.length >= MAX_QUARANTINE_SAMPLES) return;
    this.quarantine.push({ stream, revision: String(revision), position: String(position), reason });
  }
}

const zeros = (length: number): number[] => new Array<number>(length).fill(0);
