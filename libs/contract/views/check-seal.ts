import { type KeyObject, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';

import type { Count } from '#domain';

/** A text is no seal of this deployment, or it is too old, of another poll, or another user's. */
class InvalidSealError extends Error {
  override readonly name = 'InvalidSealError';
  readonly code = 'invalid-seal';
}

/** What an audit of a whole closed poll came to, and for whom it was made. */
export interface SealedCheck {
  readonly pollId: string;
  /** The user who asked for it. */
  readonly by: string;
  /** When it was done, ms since the epoch. */
  readonly at: number;
  /** How many events of the poll's own stream it had read; absent in a seal of an earlier version. */
  readonly acts?: number;
  /** How much was found: 0 when it agrees. */
  readonly findings: number;
  readonly commitment: string;
  readonly fold: Count;
  readonly sql: Count;
}

/** An auditor reads what was found, and signs; longer than that (ms), and the log may say something else. */
const LIFETIME_MS = 600_000;
/** Hosts' clocks may be apart by so much, ms. */
const CLOCKS_APART_MS = 5000;

/**
 * Carries the outcome of an audit from who made it to who may append it, through the browser of whoever signs: a MAC over all of it.
 * So what audits needs no right to append, and nobody signs what no audit found.
 */
export class CheckSeal {
  private readonly key: Buffer;

  /** @param key of the logins: a seal is as good as a login, and ends with it when keys are rotated */
  constructor(key: KeyObject) {
    this.key = Buffer.from(hkdfSync('sha256', key.export(), '', 'paredao check seal', 32));
  }

  /** @returns base64url and a dot */
  seal(check: SealedCheck): string {
    const text = Buffer.from(JSON.stringify(check)).toString('base64url');
    return `${text}.${this.macOf(text).toString('base64url')}`;
  }

  /**
   * @param now ms since the epoch
   * @throws InvalidSealError unless it was made for this user and this poll, in the last ten minutes
   */
  open(seal: string, { pollId, by }: Pick<SealedCheck, 'pollId' | 'by'>, now = Date.now()): SealedCheck {
    const [text = '', mac = ''] = seal.split('.');
    const [given, expected] = [Buffer.from(mac, 'base64url'), this.macOf(text)];
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      throw new InvalidSealError('not a seal of this deployment');
    }
    const check = JSON.parse(Buffer.from(text, 'base64url').toString()) as SealedCheck;
    if (check.pollId !== pollId || check.by !== by) throw new InvalidSealError('of another poll, or another user');
    if (now - check.at > LIFETIME_MS || check.at - now > CLOCKS_APART_MS) throw new InvalidSealError('too old');
    return check;
  }

  private macOf(text: string): Buffer {
    return createHmac('sha256', this.key).update(text).digest();
  }
}
