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
/** Votes are encoded into one piece of memory until it is full: a buffer for each costs more than all the rest. */
const SLAB_BYTES = 65_536;
/** Longer than any vote. */
const ROOM_BYTES = 512;
let slab = new Uint8Array(SLAB_BYTES);
let slabUsed = 0;
// ignoreBOM: a byte order mark is a deviation like any other, not something to skip
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The canonical form is this grammar; anything else is not a vote. */
const CANONICAL =
  /^\{"voteId":"([0-9a-f]{32})","participantId":([1-9]),"castAt":"(\d{4}-\d\d-\d\dT\d\d:\d\d:[0-5]\d\.\d{3}Z)","expiresAt":"(\d{4}-\d\d-\d\dT\d\d:\d\d:[0-5]\d\.\d{3}Z)","humanCheck":\{"provider":"([a-z0-9-]{1,32})","difficulty":(0|[1-9]\d{0,14})\}\}$/;

/** Formats times; the last one is remembered, since votes that leave together mostly share theirs. */
function timeFormatter(): (time: number) => string {
  let last = NaN;
  let text = '';
  return (time) => {
    if (time !== last) text = new Date(time).toISOString();
    last = time;
    return text;
  };
}

const castAtText = timeFormatter();
const expiresAtText = timeFormatter();

/** Encodes a vote in its one canonical form: fixed key order, UTC ISO-8601 with milliseconds, no white space. */
export function encodeVoteCast(vote: VoteCast): EventContent {
  const { provider, difficulty } = vote.humanCheck;
  const text =
    `{"voteId":"${vote.voteId}","participantId":${String(vote.participantId)}` +
    `,"castAt":"${castAtText(vote.castAt)}","expiresAt":"${expiresAtText(vote.expiresAt)}"` +
    `,"humanCheck":{"provider":"${provider}","difficulty":${String(difficulty)}}}`;
  return { type: VOTE_CAST, version: VOTE_CAST_VERSION, data: encode(text) };
}

function encode(text: string): Uint8Array {
  if (text.length > ROOM_BYTES) return encoder.encode(text);
  if (slabUsed + ROOM_BYTES > SLAB_BYTES) {
    slab = new Uint8Array(SLAB_BYTES);
    slabUsed = 0;
  }
  const from = slabUsed;
  slabUsed += encoder.encodeInto(text, slab.subarray(from)).written;
  return slab.subarray(from, slabUsed);
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
    voteId: voteId!,
    participantId: Number(participantId),
    castAt: parseTime(castAt!),
    expiresAt: parseTime(expiresAt!),
    humanCheck: { provider: provider!, difficulty: Number(difficulty) },
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

/** The minutes parsed last: votes come thousands to the minute, and parsing a date costs more than the rest of a vote. */
const minutes = new Map<string, number>();
const MAX_MINUTES = 1000;

/** ms since the epoch of a time whose seconds the grammar has checked. */
function parseTime(text: string): number {
  const minute = text.slice(0, 16);
  const start = minutes.get(minute) ?? parseMinute(minute);
  return start + Number(text.slice(17, 19)) * 1000 + Number(text.slice(20, 23));
}

/** @throws UnreadableEventError for a minute that no calendar has; `Date.parse` would take 30 February and 24:00 */
function parseMinute(minute: string): number {
  const start = Date.parse(`${minute}:00.000Z`);
  if (Number.isNaN(start) || !new Date(start).toISOString().startsWith(minute)) {
    throw new UnreadableEventError(`not a time: ${minute}`);
  }
  if (minutes.size >= MAX_MINUTES) minutes.clear();
  minutes.set(minute, start);
  return start;
}
