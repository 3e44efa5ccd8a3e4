import { type KeyObject, createHmac, timingSafeEqual } from 'node:crypto';

import { hourKey, isoTime } from '#domain';

const HOUR_MS = 3_600_000;
/** 16 bytes of the HMAC: as hard to guess as an id. */
const MAC_BYTES = 16;
/** An hour and a MAC, as `of` writes them. */
const FORM = /^(\d{4}-\d{2}-\d{2}T\d{2})\.([\w-]{22})$/;

/**
 * What a vote is answered with, and shows that its sender has voted: a MAC over the poll and the hour. It is the same for
 * everybody who voted in that hour, so it names nobody. It is good for its poll until that ends.
 */
export class Passes {
  /** By poll: the one of the present hour. Every vote is answered with it, so it is made once. */
  private readonly latest = new Map<string, { readonly hour: number; readonly passe: string }>();

  constructor(private readonly key: KeyObject) {}

  /** @param castAt when the vote was taken, ms since the epoch */
  of(pollId: string, castAt: number): string {
    const hour = Math.floor(castAt / HOUR_MS);
    const latest = this.latest.get(pollId);
    if (latest?.hour === hour) return latest.passe;
    const key = hourKey(isoTime(castAt));
    const passe = `${key}.${this.macOf(pollId, key).toString('base64url')}`;
    this.latest.set(pollId, { hour, passe });
    return passe;
  }

  /** Whether somebody who shows this has voted in the poll. What was made up, or is of another poll, is none. */
  admits(pollId: string, passe: string | undefined): boolean {
    const [, hour, mac] = FORM.exec(passe ?? '') ?? [];
    if (hour === undefined || mac === undefined) return false;
    return timingSafeEqual(Buffer.from(mac, 'base64url'), this.macOf(pollId, hour));
  }

  private macOf(pollId: string, hour: string): Buffer {
    return createHmac('sha256', this.key).update(`${pollId}|${hour}`).digest().subarray(0, MAC_BYTES);
  }
}
