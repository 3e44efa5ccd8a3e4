import {
  BALLOT_BOX_CLOSED,
  BALLOT_BOX_OPENED,
  type BallotBoxClosed,
  type EventContent,
  POLL_EVENTS,
  type Poll,
  type PollEvent,
  type PollStatus,
  type RecordedEvent,
  UnreadableEventError,
  ballotBoxStream,
  decidedAt,
  decodeBallotBoxClosed,
  decodePollEvent,
  decodeVoteCast,
  encodeBallotBoxClosed,
  encodePollEvent,
  evolve,
  photoStream,
  wasOpened,
} from '#domain';

import { asRead } from './as-read.ts';
import { DecisionTimes, HOSTS_APART_MS } from './decision-times.ts';
import { type Finding, type FindingCode, Findings, finding, placeOf } from './findings.ts';
import { isGenuine, photosNamedIn } from './poll-pages.ts';
import { CLOCK_SET_MS, isoOf } from './order-check.ts';
import type { Detail } from './report.ts';

/** Closing events of which the revision is kept: a seal names one of them. */
const KEPT_CUTS = 100;

/** The cut comes 11 s after the closing, ms: a poll without it for this long is not being closed, it lost it. */
const CUT_LIMIT_MS = 60_000;

type Undecided = (typeof POLL_EVENTS)[PollEvent['type']]['before'];

/** Looks at what administrators decided and at the cut: whether one follows from the other, in the right order. */
export class ClosingCheck {
  readonly closing = new Findings();
  /** Votes after the closing, and times, that clocks which were set explain. */
  readonly odd = new Findings();
  private readonly times = new DecisionTimes(this.closing, this.odd);
  /** Decisions and closing events that are not in their canonical form, and photos that were exchanged. */
  readonly bytes = new Findings();
  /** Disclosed with the seal, hexadecimal. */
  evidenceKey: string | undefined;
  isSealed = false;
  unreadableDecisions = 0;
  cuts = 0;
  /** Streams of photos: named by a decision, and there. */
  private readonly named = new Set<string>();
  private readonly photos = new Set<string>();
  private poll: Poll | undefined;
  private readonly cutRevisions: bigint[] = [];
  private sealedCut: bigint | undefined;
  /** Of those before the closing. */
  private lastVote: RecordedEvent | undefined;
  private closedAt: number | undefined;
  /** On the log's clock, by which the end is measured too. */
  private closingRecordedAt: number | undefined;
  private readonly box: string;

  constructor(private readonly pollId: string) {
    this.box = ballotBoxStream(pollId);
  }

  add(event: RecordedEvent): void {
    const current = asRead(event);
    this.times.reach(event);
    if (event.stream !== this.box) this.addDecision(event);
    else if (current.type === BALLOT_BOX_CLOSED) this.addCut(current, current === event);
    else if (current.type === BALLOT_BOX_OPENED) return;
    else this.addVote(current);
  }

  addPhoto(event: RecordedEvent): void {
    this.photos.add(event.stream);
    if (!isGenuine(event)) this.bytes.add(finding('forged-photo', placeOf(event)));
  }

  /** Photos that a decision names and that are not there. */
  missingPhotos(): Finding[] {
    return [...this.named.difference(this.photos)].map((stream) => finding('missing-photo', { stream }));
  }

  /**
   * Notes what is missing at the end, and says how the poll stands.
   * @param asOf the end, ms since the epoch
   */
  finish(asOf: number): Detail {
    this.times.settle();
    const [cut] = this.cutRevisions;
    const { closedAt, closingRecordedAt = NaN } = this;
    if (cut === undefined && closedAt !== undefined && asOf - closingRecordedAt > CUT_LIMIT_MS) {
      this.closing.add(finding('missing-cut', { stream: this.box }, isoOf(closedAt)));
    }
    if (this.sealedCut !== undefined && !this.cutRevisions.includes(this.sealedCut)) {
      this.closing.add(finding('seal-without-cut', { stream: this.box, revision: String(this.sealedCut) }));
    }
    if (cut !== undefined) return { code: 'cut', at: String(cut) };
    return { code: this.poll?.status === 'open' ? 'open' : 'no-cut' };
  }

  private addDecision(event: RecordedEvent): void {
    const decision = this.decode(event);
    if (decision === undefined) return;
    if (asRead(event) === event) this.requireBytes(event, encodePollEvent(decision));
    if (decision.pollId !== this.pollId) {
      this.closing.add(finding('event-of-another-poll', placeOf(event), this.pollId, decision.pollId));
    }
    for (const hash of photosNamedIn(decision)) this.named.add(photoStream(hash));
    this.requireState('decision-out-of-state', event, POLL_EVENTS[decision.type].after);
    this.requirePause(event, POLL_EVENTS[decision.type].paused);
    this.requireUndecided(event, POLL_EVENTS[decision.type].before);
    this.poll = evolve(this.poll, decision);
    this.times.compare(event, decidedAt(decision), this.lastVote && castAtOf(this.lastVote));
    if (decision.type === 'PollClosed') {
      this.closedAt = Date.parse(decision.closedAt);
      this.closingRecordedAt = event.recordedAt;
    }
    if (decision.type === 'PollSealed') {
      this.sealedCut = revisionOf(decision.cut);
      this.evidenceKey = decision.evidenceKey;
      this.isSealed = true;
    }
  }

  private addVote(event: RecordedEvent): void {
    if (this.lastVote === undefined && !wasOpened(this.poll))
      this.closing.add(finding('vote-before-opening', placeOf(event)));
    if (this.closedAt === undefined || this.lastVote === undefined) this.lastVote = event;
    else if (this.cuts === 0) this.addVoteAfterClosing(event, this.closedAt);
  }

  /** Votes that were on their way are still counted; a vote that was cast later was never in time. */
  private addVoteAfterClosing(event: RecordedEvent, closedAt: number): void {
    const castAt = castAtOf(event);
    if (castAt === undefined) return;
    this.times.votedAfter(castAt);
    if (castAt <= closedAt + HOSTS_APART_MS) return;
    const isOdd = event.version === 2 && castAt - closedAt <= CLOCK_SET_MS;
    (isOdd ? this.odd : this.closing).add(
      finding('vote-after-closing', placeOf(event), isoOf(closedAt), isoOf(castAt)),
    );
  }

  private addCut(event: RecordedEvent, isAsStored: boolean): void {
    this.cuts++;
    if (this.cutRevisions.length < KEPT_CUTS) this.cutRevisions.push(event.revision);
    if (this.cuts === 1) {
      this.requireState('cut-out-of-state', event, ['closed']);
      this.times.settle();
    }
    const { closedAt, acts } = closedBy(event);
    if (isAsStored) this.requireBytes(event, encodeBallotBoxClosed(this.pollId, closedAt, acts));
    this.times.compare(event, Date.parse(closedAt));
  }

  private requireState(code: FindingCode, event: RecordedEvent, states: readonly (PollStatus | undefined)[]): void {
    const status = this.poll?.status;
    if (states.includes(status)) return;
    this.closing.add(
      finding(
        code,
        placeOf(event),
        states.map((state) => state ?? null),
        { type: event.type, state: status ?? null },
      ),
    );
  }

  /** @param paused whether the poll must be paused; undefined: it may be */
  private requirePause(event: RecordedEvent, paused: boolean | undefined): void {
    if (paused === undefined || this.poll?.status !== 'open') return;
    const isPaused = this.poll.pausedAt !== undefined;
    if (isPaused === paused) return;
    const actual = { type: event.type, state: this.poll.status, paused: isPaused };
    this.closing.add(finding('decision-out-of-state', placeOf(event), ['open'], actual));
  }

  /** @param before what must not have been decided of its result yet */
  private requireUndecided(event: RecordedEvent, before: Undecided = []): void {
    for (const decided of before) {
      if (this.poll?.[decided] === undefined) continue;
      const actual = { type: event.type, state: this.poll.status, decided };
      this.closing.add(finding('decision-out-of-state', placeOf(event), null, actual));
    }
  }

  private decode(event: RecordedEvent): PollEvent | undefined {
    try {
      return decodePollEvent(event);
    } catch (error) {
      if (!(error instanceof UnreadableEventError)) throw error;
      this.unreadableDecisions++;
      return undefined;
    }
  }

  private requireBytes(event: RecordedEvent, { version, data }: EventContent): void {
    if (event.version === version && Buffer.compare(event.data, data) === 0) return;
    this.bytes.add(finding('not-canonical', placeOf(event), null, event.type));
  }
}

/** Undefined for a vote that cannot be read: it is in quarantine. */
function castAtOf(event: RecordedEvent): number | undefined {
  try {
    return decodeVoteCast(event).castAt;
  } catch (error) {
    if (!(error instanceof UnreadableEventError)) throw error;
    return undefined;
  }
}

/** What a cut says; of one that cannot be read, nothing. */
function closedBy(event: RecordedEvent): Pick<BallotBoxClosed, 'closedAt' | 'acts'> {
  try {
    return decodeBallotBoxClosed(event);
  } catch (error) {
    if (!(error instanceof UnreadableEventError)) throw error;
    return { closedAt: '' };
  }
}

/** -1, which is no event's, for what is no revision. */
export const revisionOf = (text: string): bigint => (/^\d{1,19}$/.test(text) ? BigInt(text) : -1n);
