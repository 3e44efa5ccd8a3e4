import {
  type EventContent,
  type PollEvent,
  ballotBoxStream,
  encodeBallotBoxClosed,
  encodePollEvent,
  VoteCodec,
  pollStream,
} from '#domain';
import { type EventLog, MAX_APPEND_EVENTS } from '#event-log';

import { randomFrom } from '../../libs/domain/testing/random.ts';

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

/** Makes a whole poll through the append path of a log: opened, voted on in full batches, closed, cut and sealed. */
export async function makeHistory(log: EventLog, options: HistoryOptions): Promise<Expected> {
  const { votes, pollId, rate, setClock, openedAt } = options;
  const maker = new VoteMaker(options);
  const box = ballotBoxStream(pollId);
  const timeOf = (index: number): number =>
    rate === undefined ? Date.now() : openedAt + Math.floor((index * 1000) / rate);
  const decide = async (time: number, event: PollEvent): Promise<void> => {
    setClock(time);
    await log.append(pollStream(pollId), [{ id: maker.uuid(), ...encodePollEvent(event) }], 'any');
  };
  const iso = (time: number): string => new Date(time).toISOString();
  const participants = ['Aurora Estrela', 'Íris Trovão'].map((name, index) => ({ number: index + 1, name }));
  const title = 'Quem fica na Casa de Vidro?';
  await decide(openedAt, { type: 'PollOpened', pollId, title, participants, openedAt: iso(openedAt), by: 'bench' });
  for (let done = 0; done < votes; done += MAX_APPEND_EVENTS) {
    const batch = Array.from({ length: Math.min(MAX_APPEND_EVENTS, votes - done) }, (_, index) =>
      maker.next(timeOf(done + index)),
    );
    setClock(timeOf(done + batch.length));
    await log.append(box, batch, 'any');
  }
  const closedAt = timeOf(votes) + 1000;
  await decide(closedAt, { type: 'PollClosed', pollId, closedAt: iso(closedAt), by: 'bench' });
  const cutAt = closedAt + 16_000;
  setClock(cutAt);
  const cut = { id: maker.uuid(), ...encodeBallotBoxClosed(pollId, iso(cutAt)) };
  const { revision } = await log.append(box, [cut], 'any');
  await log.append(
    box,
    Array.from({ length: LATE_VOTES }, () => maker.late(closedAt)),
    'any',
  );
  await decide(cutAt, { type: 'PollSealed', pollId, cut: String(revision), sealedAt: iso(cutAt) });
  return maker.expected;
}

/** Votes from a seed, and what they count as. */
class VoteMaker {
  readonly expected: Expected = { votes: [0, 0], duplicates: 0, late: 0, expired: 0, quarantined: 0 };
  private readonly random: (limit: number) => number;
  private readonly codec = new VoteCodec();
  private last: EventContent | undefined;
  private made = 0;

  constructor(private readonly options: HistoryOptions) {
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
    if (number % EXPIRED_EVERY === 1) {
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
    const humanCheck = { provider: 'altcha', difficulty: 100_000 };
    const expiresAt = castAt - this.random(60_000) + LIFETIME_MS;
    return this.codec.encode({ voteId: this.hex(), participantId, castAt, expiresAt, humanCheck });
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
