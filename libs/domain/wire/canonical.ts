import { UnreadableEventError } from '../errors.ts';

export const MINUTE_MS = 60_000;

const encoder = new TextEncoder();
// ignoreBOM: a byte order mark is a deviation like any other, not something to skip
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Votes are encoded into one piece of memory until it is full: a buffer for each costs more than all the rest. */
export const SLAB_BYTES = 65_536;
/** Longer than any vote. */
export const ROOM_BYTES = 512;

/** Encodes texts in ASCII, one byte a character, many of them into one piece of memory. */
export class AsciiEncoder {
  private slab: Uint8Array | undefined;
  private used = 0;

  constructor(private readonly slabBytes: number) {}

  encode(text: string): Uint8Array {
    if (text.length > ROOM_BYTES) return encoder.encode(text);
    if (this.slab === undefined || this.used + ROOM_BYTES > this.slabBytes) {
      this.slab = new Uint8Array(this.slabBytes);
      this.used = 0;
    }
    const from = this.used;
    this.used += encoder.encodeInto(text, this.slab.subarray(from)).written;
    return this.slab.subarray(from, this.used);
  }
}

/** @throws UnreadableEventError when the bytes are not UTF-8 */
export function decodeText(data: Uint8Array): string {
  try {
    return decoder.decode(data);
  } catch {
    throw new UnreadableEventError('not-utf-8');
  }
}

/** A time (ms since the epoch) in the one form that we write: UTC ISO-8601 with milliseconds, `2026-11-23T22:41:07.009Z`. */
export const isoTime = (time: number): string => new Date(time).toISOString();

/** `2026-11-23T22` and `2026-11-23T22:41`: prefixes of an ISO time that name its hour and its minute. */
const HOUR_LENGTH = 13;
const MINUTE_LENGTH = 16;

/** The UTC hour of an ISO time, `2026-11-23T22`; of a minute's key as well. */
export const hourKey = (iso: string): string => iso.slice(0, HOUR_LENGTH);
/** When an hour begins, by its key, as an ISO time. */
export const hourStart = (hour: string): string => `${hour}:00:00.000Z`;
/** The UTC minute of a time (ms since the epoch), `2026-11-23T22:41`. */
export const minuteKey = (time: number): string => isoTime(time).slice(0, MINUTE_LENGTH);
/** When a minute begins, by its key, as an ISO time. */
export const minuteStart = (minute: string): string => `${minute}:00.000Z`;

/** The whole minute in which a time lies, ms since the epoch. */
export const minuteOf = (time: number): number => Math.floor(time / MINUTE_MS) * MINUTE_MS;

/** The first whole minute that is not before a time, ms since the epoch. */
export const minuteFrom = (time: number): number => Math.ceil(time / MINUTE_MS) * MINUTE_MS;

const MAX_REMEMBERED = 1000;

/** Remembers what a function returned, since votes come thousands to the minute, and a date costs more than the rest of a vote. */
function remembering<Key, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>();
  return (key) => {
    let value = known.get(key);
    if (value === undefined) {
      value = make(key);
      if (known.size >= MAX_REMEMBERED) known.clear();
      known.set(key, value);
    }
    return value;
  };
}

/** Formats times (ms since the epoch) as UTC ISO-8601. */
export const timeFormatter = (): ((time: number) => string) => remembering(isoTime);

/** Parses canonical times. */
export class TimeParser {
  /**
   * ms since the epoch of `2026-11-23T22:41`.
   * @throws UnreadableEventError for a minute that no calendar has; `Date.parse` would take 30 February and 24:00
   */
  readonly minute = remembering((minute: string): number => {
    const start = Date.parse(minuteStart(minute));
    if (Number.isNaN(start) || !isoTime(start).startsWith(minute)) {
      throw new UnreadableEventError('impossible-time', minute);
    }
    return start;
  });

  /**
   * ms since the epoch of `2026-11-23T22:41:07.009Z`, whose seconds a grammar has checked.
   * @throws UnreadableEventError as `minute`
   */
  time(text: string): number {
    return this.minute(text.slice(0, MINUTE_LENGTH)) + Number(text.slice(17, 19)) * 1000 + Number(text.slice(20, 23));
  }
}
