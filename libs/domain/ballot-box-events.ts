import {
  type DataOfAny,
  bytes16,
  bytes32,
  decided,
  moment,
  oneOf,
  optional,
  record,
  text,
  wholeNumber,
  yes,
} from './wire/fields.ts';
import { meaning } from './wire/meaning.ts';
import { MAX_PARTICIPANTS, participants } from './wire/participants.ts';

/** What a challenge cost: the base price, more because demand was high, or so much more because the demand looked like a machine's. */
export const PRICE_CLASSES = ['base', 'raised', 'suspicious'] as const;

/** Leaves and root of the poll's own stream up to some event, as a Merkle tree of RFC 6962. */
const acts = record({ size: wholeNumber, root: bytes32 });

const vote = { voteId: bytes16, participantId: wholeNumber, castAt: moment, expiresAt: moment };

/** Everything that may stand in a ballot box. */
export const BALLOT_BOX_EVENTS = {
  /** Votes come by the million: `VoteCodec` reads and writes these forms by hand, and a spec compares it with this table. */
  VoteCast: {
    versions: [
      { ...vote, humanCheck: record({ provider: text, difficulty: wholeNumber }) },
      { ...vote, humanCheck: record({ provider: text, price: oneOf(PRICE_CLASSES), evidence: bytes16 }) },
    ],
  },
  /**
   * The first event of a box, before any vote: it is empty, and this is what is voted on. `difficulty` is the base price of a human
   * check, `keys` a signed note with the verifier keys of the poll's logs, `origin` the name of this one; `acts` go up to `PollOpened`.
   */
  BallotBoxOpened: {
    versions: [
      {
        ...{ pollId: text, box: wholeNumber, title: text, participants: participants(MAX_PARTICIPANTS) },
        ...{ openedAt: moment, difficulty: wholeNumber, evidenceKeyHash: bytes32, origin: text, keys: text, acts },
        ...{ ...meaning, rehearsal: optional(yes) },
      },
    ],
  },
  /** The cut: votes after the first of these are late. `acts` go up to `PollClosed`: version 2, where the box was opened. */
  BallotBoxClosed: {
    versions: [
      { pollId: text, closedAt: decided },
      { pollId: text, closedAt: decided, acts },
    ],
  },
} as const;

type BoxTable = typeof BALLOT_BOX_EVENTS;
/** What a ballot box says of itself. */
export type BallotBoxOpened = DataOfAny<BoxTable['BallotBoxOpened']['versions']>;
export type BallotBoxClosed = DataOfAny<BoxTable['BallotBoxClosed']['versions']>;
