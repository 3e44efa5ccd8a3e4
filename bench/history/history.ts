import {
  type EventContent,
  type PollEvent,
  ballotBoxStream,
  encodeBallotBoxClosed,
  encodePollEvent,
  minuteFrom,
  minuteOf,
  VoteCodec,
  pollStream,
} from '#domain';
import { type AppendResult, type EventLog, MAX_APPEND_EVENTS, type NewEvent } from '#event-log';
import type { EvidenceKey } from '#human-check';

import { randomFrom } from '../../libs/domain/testing/random.ts';
import { Sealing } from './sealing.ts';

export interface HistoryOptions {
  readonly votes: number;
  readonly pollId: string;
  /** The same seed makes the same votes, ids and all. */
  readonly seed: number;
  /** Votes a second of the log's clock; undefined: that clock is the host's. */
  readonly rate: number | undefined;
  /** The log's clock, ms since the epoch: set before each append, where the log can be told. */
  readonly setClock: (time: number) => void;
  /** When the poll opens, ms since the epoch. */
  readonly openedAt: number;
  /** As a poll of today, whose ballot box is a transparency log: votes of version 2, and a checkpoint after each append. */
  readonly sealed?: boolean;
  /** Events that nobody can read are mixed in as well: an audit must complain. */
  readonly unreadable: boolean;
}

/** What a history must be counted as, kept while it was made. */
export interface Expected {
  readonly votes: number[];
  duplicates: number;
  late: number;
  expired: number;
  quarantined: number;
}

const LIFETIME_MS = 300_000;
const LATE_VOTES = 100;
/** One in so many votes comes twice, comes too late for its challenge, cannot be read. */
const DUPLICATE_EVERY = 2000;
const EXPIRED_EVERY = 10_000;
const UNREADABLE_EVERY = 50_000;
const title = 'Quem fica na Casa de Vidro?';

const iso = (time: number): string => new Date(time).toISOString();

/** Makes a whole poll through the append path of a log: opened, voted on in full batches, closed, cut and sealed. */
export async function makeHistory(log: EventLog, options: HistoryOptions): Promise<Expected> {
  const { votes, pollId, rate, setClock, openedAt } = options;
  const sealing = options.sealed === true ? new Sealing(log, pollId) : undefined;
  const maker = new VoteMaker(options, sealing?.evidence);
  const box = ballotBoxStream(pollId);
  const timeOf = (index: number): number =>
    rate === undefined ? Date.now() : openedAt + Math.floor((index * 1000) / rate);
  const decide = async (time: number, event: PollEvent): Promise<void> => {
    setClock(time);
    const decision = { id: maker.uuid(), ...encodePollEvent(event) };
    await log.append(pollStream(pollId), [decision], 'any');
    await sealing?.addAct(decision);
  };
  const vote = async (events: readonly NewEvent[]): Promise<AppendResult> => {
    const result = await log.append(box, events, 'any');
    await sealing?.addVotes(events);
    return result;
  };
  const participants = ['Aurora Estrela', 'Íris Trovão'].map((name, index) => ({ number: index + 1, name }));
  const opened = { type: 'PollOpened', pollId, title, participants, openedAt: iso(openedAt), by: 'bench' } as const;
  await decide(openedAt, { ...opened, ...sealing?.marks });
  await sealing?.open();
  for (let done = 0; done < votes; done += MAX_APPEND_EVENTS) {
    const batch = Array.from({ length: Math.min(MAX_APPEND_EVENTS, votes - done) }, (_, index) =>
      maker.next(timeOf(done + index)),
    );
    setClock(timeOf(done + batch.length));
    await vote(batch);
  }
  const closedAt = timeOf(votes) + 1000;
  await decide(closedAt, { type: 'PollClosed', pollId, closedAt: iso(closedAt), by: 'bench' });
  const cutAt = closedAt + 16_000;
  setClock(cutAt);
  const cut = { id: maker.uuid(), ...encodeBallotBoxClosed(pollId, iso(cutAt), sealing?.actsAtClosing) };
  const { revision } = await vote([cut]);
  await vote(Array.from({ length: LATE_VOTES }, () => maker.late(closedAt)));
  const key = sealing && { evidenceKey: sealing.evidence.hex };
  await decide(cutAt, { type: 'PollSealed', pollId, cut: String(revision), sealedAt: iso(cutAt), ...key });
  return maker.expected;
}

/** Votes from a seed, and what they count as. */
class VoteMaker {
  readonly expected: Expected = { votes: [0, 0], duplicates: 0, late: 0, expired: 0, quarantined: 0 };
  private readonly random: (limit: number) => number;
  private readonly codec = new VoteCodec();
  private last: EventContent | undefined;
  private made = 0;

  /** @param evidence the key that marks the votes; without it they are of version 1 */
  constructor(
    private readonly options: HistoryOptions,
    private readonly evidence: EvidenceKey | undefined,
  ) {
    this.random = randomFrom(options.seed);
  }

  next(time: number): EventContent & { readonly id: string } {
    const number = this.made++;
    return { id: this.uuid(), ...this.content(number, time) };
  }

  late(castAt: number): EventContent & { readonly id: string } {
    this.expected.late++;
    return { id: this.uuid(), ...this.vote(castAt, 1) };
  }

  uuid(): string {
    const hex = this.hex();
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
  }

  private content(number: number, time: number): EventContent {
    const { expected, last } = this;
    if (last !== undefined && number % DUPLICATE_EVERY === 0) {
      expected.duplicates++;
      return last;
    }
    // by rule 2 no clock decides
    if (number % EXPIRED_EVERY === 1 && this.evidence === undefined) {
      expected.expired++;
      return this.vote(time - LIFETIME_MS * 2, 1);
    }
    if (this.options.unreadable && number % UNREADABLE_EVERY === 2) {
      expected.quarantined++;
      return { type: 'VoteCast', version: 1, data: Buffer.from('{}') };
    }
    const participant = 1 + this.random(2);
    expected.votes[participant - 1]!++;
    return (this.last = this.vote(time, participant));
  }

  private vote(castAt: number, participantId: number): EventContent {
    const expiresAt = castAt - this.random(60_000) + LIFETIME_MS;
    const voteId = this.hex();
    if (this.evidence === undefined) {
      const humanCheck = { provider: 'altcha', difficulty: 100_000 };
      return this.codec.encode({ voteId, participantId, castAt, expiresAt, humanCheck });
    }
    const evidence = this.evidence.evidenceOf(voteId, expiresAt, 'base');
    const minutes = { castAt: minuteOf(castAt), expiresAt: minuteFrom(expiresAt) };
    return this.codec.encode({
      voteId,
      participantId,
      ...minutes,
      humanCheck: { provider: 'altcha', price: 'base', evidence },
    });
  }

  private hex(): string {
    let hex = '';
    for (let word = 0; word < 4; word++)
      hex += this.random(2 ** 32)
        .toString(16)
        .padStart(8, '0');
    return hex;
  }
}
