import { UnreadableEventError } from './errors.ts';

export const MINUTE_MS = 60_000;

const encoder = new TextEncoder();
// ignoreBOM: a byte order mark is a deviation like any other, not something to skip
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Votes are encoded into one piece of memory until it is full: a buffer for each costs more than all the rest. */
const SLAB_BYTES = 65_536;
/** Longer than any vote. */
const ROOM_BYTES = 512;
let slab = new Uint8Array(SLAB_BYTES);
let slabUsed = 0;

/** The bytes of a text in ASCII: one byte a character. */
export function encodeAscii(text: string): Uint8Array {
  if (text.length > ROOM_BYTES) return encoder.encode(text);
  if (slabUsed + ROOM_BYTES > SLAB_BYTES) {
    slab = new Uint8Array(SLAB_BYTES);
    slabUsed = 0;
  }
  const from = slabUsed;
  slabUsed += encoder.encodeInto(text, slab.subarray(from)).written;
  return slab.subarray(from, slabUsed);
}

/** @throws UnreadableEventError when the bytes are not UTF-8 */
export function decodeText(data: Uint8Array): string {
  try {
    return decoder.decode(data);
  } catch {
    throw new UnreadableEventError('not-utf-8');
  }
}

/** The whole minute in which a time lies, ms since the epoch. */
export const minuteOf = (time: number): number => Math.floor(time / MINUTE_MS) * MINUTE_MS;

/** The first whole minute that is not before a time, ms since the epoch. */
export const minuteFrom = (time: number): number => Math.ceil(time / MINUTE_MS) * MINUTE_MS;

/** Formats times (ms since the epoch) as UTC ISO-8601; the last one is remembered, since votes that leave together mostly share theirs. */
export function timeFormatter(): (time: number) => string {
  let last = NaN;
  let text = '';
  return (time) => {
    if (time !== last) text = new Date(time).toISOString();
    last = time;
    return text;
  };
}

/** The minutes parsed last: votes come thousands to the minute, and parsing a date costs more than the rest of a vote. */
const minutes = new Map<string, number>();
const MAX_MINUTES = 1000;

/**
 * ms since the epoch of `2026-11-23T22:41`.
 * @throws UnreadableEventError for a minute that no calendar has; `Date.parse` would take 30 February and 24:00
 */
export function parseMinute(minute: string): number {
  const known = minutes.get(minute);
  if (known !== undefined) return known;
  const start = Date.parse(`${minute}:00.000Z`);
  if (Number.isNaN(start) || !new Date(start).toISOString().startsWith(minute)) {
    throw new UnreadableEventError('impossible-time', minute);
  }
  if (minutes.size >= MAX_MINUTES) minutes.clear();
  minutes.set(minute, start);
  return start;
}

/**
 * ms since the epoch of `2026-11-23T22:41:07.009Z`, whose seconds a grammar has checked.
 * @throws UnreadableEventError as `parseMinute`
 */
export const parseTime = (text: string): number =>
  parseMinute(text.slice(0, 16)) + Number(text.slice(17, 19)) * 1000 + Number(text.slice(20, 23));
