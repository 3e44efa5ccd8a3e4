import {
  BALLOT_BOX_CLOSED,
  type EventContent,
  type Poll,
  type PollEvent,
  type RecordedEvent,
  UnreadableEventError,
  ballotBoxStream,
  decodePollEvent,
  decodeVoteCast,
  encodeBallotBoxClosed,
  encodePollEvent,
  evolve,
  wasOpened,
} from '#domain';

import { asRead } from './as-read.ts';
import { Differences } from './differences.ts';
import { isGenuine } from './poll-pages.ts';
import { isoOf, placeOf } from './order-check.ts';

/** Closing events of which the revision is kept: a seal names one of them. */
const KEPT_CUTS = 100;

/** The cut comes 11 s after the closing, ms: a poll without it for this long is not being closed, it lost it. */
const CUT_LIMIT_MS = 60_000;
/** A vote may seem to be cast after the closing by as much as hosts may be apart, ms. */
const HOSTS_APART_MS = 5000;
/** How far what a decision says of its time may be from when it was recorded, ms. */
const RECORDED_WITHIN_MS = 60_000;

type State = Poll['status'] | undefined;

/** What states a poll may be in for a decision; `undefined`: it does not exist. */
const STATES_BEFORE: Readonly<Record<PollEvent['type'], readonly State[]>> = {
  PollDrafted: [undefined],
  PollScheduled: ['draft', 'open'],
  PollOpened: [undefined, 'draft'],
  TitleChanged: ['draft'],
  DraftDiscarded: ['draft'],
  ParticipantChanged: ['draft', 'open'],
  PhotoChanged: ['draft', 'open'],
  PollClosed: ['open'],
  PollSealed: ['closed'],
};

/** Looks at what administrators decided and at the cut: whether one follows from the other, in the right order. */
export class ClosingCheck {
  readonly closing = new Differences();
  /** Decisions and closing events that are not in their canonical form, and photos that were exchanged. */
  readonly bytes = new Differences();
  unreadableDecisions = 0;
  cuts = 0;
  private poll: Poll | undefined;
  private readonly cutRevisions: bigint[] = [];
  private sealedCut: bigint | undefined;
  private voted = false;
  private closedAt: number | undefined;
  private readonly box: string;

  constructor(private readonly pollId: string) {
    this.box = ballotBoxStream(pollId);
  }

  add(event: RecordedEvent): void {
    const current = asRead(event);
    if (event.stream !== this.box) this.addDecision(event);
    else if (current.type === BALLOT_BOX_CLOSED) this.addCut(current, current === event);
    else if (!this.voted) this.addFirstVote(event);
    else if (this.closedAt !== undefined && this.cuts === 0) this.addVoteAfterClosing(current, this.closedAt);
  }

  addPhoto(event: RecordedEvent): void {
    if (!isGenuine(event)) this.bytes.add(`${placeOf(event)}: a foto não é a que os seus bytes deveriam ser`);
  }

  /**
   * Says what is missing at the end, and in one line how the poll stands.
   * @param asOf the end, ms since the epoch
   */
  finish(asOf: number): string {
    const [cut] = this.cutRevisions;
    if (cut === undefined && this.closedAt !== undefined && asOf - this.closedAt > CUT_LIMIT_MS) {
      this.closing.add(`encerrada em ${isoOf(this.closedAt)}, e a urna não foi fechada`);
    }
    if (this.sealedCut !== undefined && !this.cutRevisions.includes(this.sealedCut)) {
      this.closing.add(`o lacre aponta o corte na revisão ${String(this.sealedCut)}, que não é um fechamento da urna`);
    }
    if (cut !== undefined) return `corte na revisão ${String(cut)}`;
    return this.poll?.status === 'open' ? 'votação aberta, ainda sem corte' : 'sem corte na urna';
  }

  private addDecision(event: RecordedEvent): void {
    const decision = this.decode(event);
    if (decision === undefined) return;
    if (asRead(event) === event) this.requireBytes(event, encodePollEvent(decision));
    if (decision.pollId !== this.pollId) this.closing.add(`${placeOf(event)}: é da votação ${decision.pollId}`);
    if (!STATES_BEFORE[decision.type].includes(this.poll?.status)) {
      this.closing.add(`${placeOf(event)}: ${decision.type} com a votação ${this.poll?.status ?? 'por abrir'}`);
    }
    this.poll = evolve(this.poll, decision);
    if (decision.type === 'PollClosed') this.addClosing(event, Date.parse(decision.closedAt));
    if (decision.type === 'PollSealed') this.sealedCut = revisionOf(decision.cut);
  }

  private addClosing(event: RecordedEvent, closedAt: number): void {
    this.closedAt = closedAt;
    if (Math.abs(event.recordedAt - closedAt) <= RECORDED_WITHIN_MS) return;
    this.closing.add(`${placeOf(event)}: encerrada em ${isoOf(closedAt)}, registrado em ${isoOf(event.recordedAt)}`);
  }

  private addFirstVote(event: RecordedEvent): void {
    this.voted = true;
    if (!wasOpened(this.poll)) this.closing.add(`${placeOf(event)}: voto antes da abertura da votação`);
  }

  /** Votes that were on their way are still counted; a vote that was cast later was never in time. */
  private addVoteAfterClosing(event: RecordedEvent, closedAt: number): void {
    try {
      const { castAt } = decodeVoteCast(event);
      if (castAt <= closedAt + HOSTS_APART_MS) return;
      const place = placeOf(event);
      this.closing.add(
        `${place}: voto de ${isoOf(castAt)}, depois do encerramento (${isoOf(closedAt)}), antes do corte`,
      );
    } catch (error) {
      // it is in quarantine
      if (!(error instanceof UnreadableEventError)) throw error;
    }
  }

  private addCut(event: RecordedEvent, isAsStored: boolean): void {
    this.cuts++;
    if (this.cutRevisions.length < KEPT_CUTS) this.cutRevisions.push(event.revision);
    if (this.poll?.status !== 'closed' && this.cuts === 1) {
      this.closing.add(`${placeOf(event)}: a urna foi fechada com a votação ${this.poll?.status ?? 'por abrir'}`);
    }
    const closedAt = /"closedAt":"([^"\\]*)"\}$/.exec(Buffer.from(event.data).toString('latin1'))?.[1] ?? '';
    if (isAsStored) this.requireBytes(event, encodeBallotBoxClosed(this.pollId, closedAt));
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
    this.bytes.add(`${placeOf(event)}: ${event.type} não está na forma canônica`);
  }
}

/** -1, which is no cut's, for what is no revision. */
const revisionOf = (text: string): bigint => (/^\d{1,19}$/.test(text) ? BigInt(text) : -1n);
