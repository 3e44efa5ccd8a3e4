import { AsciiEncoder, ROOM_BYTES, SLAB_BYTES, TimeParser, decodeText, timeFormatter } from './canonical.ts';
import { UnreadableEventError } from '../errors.ts';
import { type BALLOT_BOX_EVENTS, PRICE_CLASSES } from '../ballot-box-events.ts';
import { EVIDENCE_END, EVIDENCE_START, ID_END, ID_START, KnownVotes } from './known-votes.ts';
import type { EventContent } from './recorded-event.ts';
import { upcast } from './upcasters.ts';

const VOTE_CAST = 'VoteCast' satisfies keyof typeof BALLOT_BOX_EVENTS;

/** One vote. It says nothing about who cast it: no address, cookie, request id or name. */
export interface VoteCast {
  /** Id of the challenge that was solved: 128 random bits, 32 lower-case hexadecimal digits. */
  readonly voteId: string;
  /** Number of the participant in the poll, from 1. */
  readonly participantId: number;
  /** When the command API took the vote, ms since the epoch; in version 2 the whole minute in which that was. */
  readonly castAt: number;
  /** When the challenge expires, ms since the epoch; in version 2 rounded up to a whole minute. */
  readonly expiresAt: number;
  readonly humanCheck: HumanCheckEvidence | HumanCheckWork;
}

export type PriceClass = (typeof PRICE_CLASSES)[number];

/** Version 2: which check the voter passed, in which class of price, and the mark that only this deployment could make. */
export interface HumanCheckEvidence {
  readonly provider: string;
  readonly price: PriceClass;
  /** First 16 bytes of an HMAC by the poll's evidence key over `voteId|expiresAt|price`; 32 hexadecimal digits. */
  readonly evidence: string;
}

/** Version 1: which check the voter passed, and how much work it was (expected hashes). */
export interface HumanCheckWork {
  readonly provider: string;
  readonly difficulty: number;
}

const ID = '"voteId":"([0-9a-f]{32})"';
const TIME = '"(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:[0-5]\\d\\.\\d{3}Z)"';
const MINUTE = '"(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d):00\\.000Z"';
const PROVIDER = '"provider":"([a-z0-9-]{1,32})"';

/** The canonical forms are these grammars; anything else is not a vote. */
const VERSION_1 = new RegExp(
  `^\\{${ID},"participantId":([1-9]),"castAt":${TIME},"expiresAt":${TIME}` +
    `,"humanCheck":\\{${PROVIDER},"difficulty":(0|[1-9]\\d{0,14})\\}\\}$`,
);
const VERSION_2 = new RegExp(
  `^\\{${ID},"participantId":(10|[1-9]),"castAt":${MINUTE},"expiresAt":${MINUTE}` +
    `,"humanCheck":\\{${PROVIDER},"price":"(${PRICE_CLASSES.join('|')})","evidence":"([0-9a-f]{32})"\\}\\}$`,
);

/** What a vote of version 2 says besides its id and its evidence. */
type Common = Pick<VoteCast, 'participantId' | 'castAt' | 'expiresAt'> & Omit<HumanCheckEvidence, 'evidence'>;

/** Whether this version of the code reads such an event as a vote. */
export const isVoteCast = ({ type, version }: Pick<EventContent, 'type' | 'version'>): boolean =>
  type === VOTE_CAST && (version === 1 || version === 2);

/** The version in which a vote is written. */
export const versionOf = ({ humanCheck }: Pick<VoteCast, 'humanCheck'>): 1 | 2 => ('price' in humanCheck ? 2 : 1);

/**
 * Writes and reads votes. This is the hot path: it is written by hand, and owns the memory that it writes into and the times that
 * it remembers, so whoever has many votes keeps one.
 */
export class VoteCodec {
  private readonly ascii: AsciiEncoder;
  private readonly castAtText = timeFormatter();
  private readonly expiresAtText = timeFormatter();
  private readonly times = new TimeParser();
  private readonly known = new KnownVotes<Common>();

  /** @param slabBytes memory that votes are written into at a time */
  constructor(slabBytes = SLAB_BYTES) {
    this.ascii = new AsciiEncoder(slabBytes);
  }

  /**
   * Encodes a vote in the one canonical form of its version: fixed key order, UTC ISO-8601 with milliseconds, no white space.
   * Whoever makes a vote of version 2 has rounded its times to minutes; other times are not readable in it.
   */
  encode({ voteId, participantId, castAt, expiresAt, humanCheck }: VoteCast): EventContent {
    const [version, proof] =
      'price' in humanCheck
        ? ([2, `"price":"${humanCheck.price}","evidence":"${humanCheck.evidence}"`] as const)
        : ([1, `"difficulty":${String(humanCheck.difficulty)}`] as const);
    const text =
      `{"voteId":"${voteId}","participantId":${String(participantId)}` +
      `,"castAt":"${this.castAtText(castAt)}","expiresAt":"${this.expiresAtText(expiresAt)}"` +
      `,"humanCheck":{"provider":"${humanCheck.provider}",${proof}}}`;
    return { type: VOTE_CAST, version, data: this.ascii.encode(text) };
  }

  /**
   * Decodes a vote of any version.
   * @throws UnreadableEventError when the bytes are not in the canonical form of the version
   */
  decode({ version, data }: Pick<EventContent, 'version' | 'data'>): VoteCast {
    const text = decodeText(data);
    return version === 2 ? this.version2(data, text) : this.version1(matchOf(VERSION_1, text));
  }

  /** The vote that an event is, of whatever version; undefined when it is none, or cannot be read. */
  voteIn(event: EventContent): VoteCast | undefined {
    try {
      const current = upcast(event);
      return isVoteCast(current) ? this.decode(current) : undefined;
    } catch (error) {
      if (error instanceof UnreadableEventError) return undefined;
      throw error;
    }
  }

  private version2(data: Uint8Array, text: string): VoteCast {
    const common = this.known.find(data) ?? this.known.add(data, this.commonOf(matchOf(VERSION_2, text)));
    const { participantId, castAt, expiresAt, provider, price } = common;
    const [voteId, evidence] = [text.slice(ID_START, ID_END), text.slice(-EVIDENCE_START, -EVIDENCE_END)];
    return { voteId, participantId, castAt, expiresAt, humanCheck: { provider, price, evidence } };
  }

  private commonOf([, , participantId, castAt, expiresAt, provider, price]: RegExpExecArray): Common {
    return {
      participantId: Number(participantId),
      castAt: this.times.minute(castAt!),
      expiresAt: this.times.minute(expiresAt!),
      provider: provider!,
      price: price as PriceClass,
    };
  }

  private version1([, voteId, participantId, castAt, expiresAt, provider, difficulty]: RegExpExecArray): VoteCast {
    return {
      voteId: voteId!,
      participantId: Number(participantId),
      castAt: this.times.time(castAt!),
      expiresAt: this.times.time(expiresAt!),
      humanCheck: { provider: provider!, difficulty: Number(difficulty) },
    };
  }
}

/** @throws UnreadableEventError when the text is not of this form */
function matchOf(form: RegExp, text: string): RegExpExecArray {
  const match = form.exec(text);
  if (match === null) throw new UnreadableEventError('not-canonical');
  return match;
}

/** A single vote, encoded; see {@link VoteCodec.encode}. */
export const encodeVoteCast = (vote: VoteCast): EventContent => new VoteCodec(ROOM_BYTES).encode(vote);

/**
 * A single vote, decoded.
 * @throws UnreadableEventError
 */
export const decodeVoteCast = (event: Pick<EventContent, 'version' | 'data'>): VoteCast =>
  new VoteCodec(ROOM_BYTES).decode(event);
