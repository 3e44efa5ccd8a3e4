import { UnreadableEventError } from './errors.ts';
import type { EventContent } from './recorded-event.ts';

export const VOTE_CAST = 'VoteCast';
export const VOTE_CAST_VERSION = 1;

/** One vote. It says nothing about who cast it: no address, cookie, request id or name. */
export interface VoteCast {
  /** Id of the challenge that was solved: 128 random bits, 32 lower-case hexadecimal digits. */
  readonly voteId: string;
  /** Number of the participant in the poll, from 1. */
  readonly participantId: number;
  /** When the command API took the vote, ms since the epoch. */
  readonly castAt: number;
  /** When the challenge expires, ms since the epoch; the fold keeps the id until then and a little longer. */
  readonly expiresAt: number;
  readonly humanCheck: HumanCheckEvidence;
}

/** Which check the voter passed, and how much work it was (expected hashes). */
export interface HumanCheckEvidence {
  readonly provider: string;
  readonly difficulty: number;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** The canonical form is this grammar; anything else is not a vote. */
const CANONICAL =
  /^\{"voteId":"([0-9a-f]{32})","participantId":([1-9]),"castAt":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)","expiresAt":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)","humanCheck":\{"provider":"([a-z0-9-]{1,32})","difficulty":(0|[1-9]\d{0,14})\}\}$/;

/** Encodes a vote in its one canonical form: fixed key order, UTC ISO-8601 with milliseconds, no white space. */
export function encodeVoteCast(vote: VoteCast): EventContent {
  const { provider, difficulty } = vote.humanCheck;
  const text =
    `{"voteId":"${vote.voteId}","participantId":${String(vote.participantId)}` +
    `,"castAt":"${new Date(vote.castAt).toISOString()}","expiresAt":"${new Date(vote.expiresAt).toISOString()}"` +
    `,"humanCheck":{"provider":"${provider}","difficulty":${String(difficulty)}}}`;
  return { type: VOTE_CAST, version: VOTE_CAST_VERSION, data: encoder.encode(text) };
}

/**
 * Decodes the bytes of a vote.
 * @throws UnreadableEventError when they are not in the canonical form
 */
export function decodeVoteCast(data: Uint8Array): VoteCast {
  const match = CANONICAL.exec(decodeText(data));
  if (match === null) throw new UnreadableEventError('not a canonical VoteCast');
  const [, voteId, participantId, castAt, expiresAt, provider, difficulty] = match;
  return {
    voteId: voteId as string,
    participantId: Number(participantId),
    castAt: parseTime(castAt as string),
    expiresAt: parseTime(expiresAt as string),
    humanCheck: { provider: provider as string, difficulty: Number(difficulty) },
  };
}

/** @throws UnreadableEventError when the bytes are not UTF-8 */
export function decodeText(data: Uint8Array): string {
  try {
    return decoder.decode(data);
  } catch {
    throw new UnreadableEventError('not UTF-8');
  }
}

function parseTime(text: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new UnreadableEventError(`not a time: ${text}`);
  return time;
}
