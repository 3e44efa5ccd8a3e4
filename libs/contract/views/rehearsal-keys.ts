import { type KeyObject, hkdfSync, timingSafeEqual } from 'node:crypto';

import type { Poll } from '#domain';

/** As hard to guess as a vote's id. */
const KEY_BYTES = 16;

/**
 * What opens a rehearsal to whoever has its link: its participants may still be a secret, and numbers are guessed. A key follows
 * from the deployment's secret and the poll's id, so that every instance knows it; a rotation of other secrets ends no link.
 */
export class RehearsalKeys {
  private readonly known = new Map<string, string>();

  constructor(private readonly secret: KeyObject) {}

  /**
   * The key in the link of a rehearsal. It is kept: ask for polls that there are.
   * @returns 22 characters of base64url
   */
  of(pollId: string): string {
    let key = this.known.get(pollId);
    if (key === undefined) {
      const bytes = hkdfSync('sha256', this.secret, '', `paredao-rehearsal/${pollId}`, KEY_BYTES);
      this.known.set(pollId, (key = Buffer.from(bytes).toString('base64url')));
    }
    return key;
  }

  /** Whether the public may see a poll: every real one, and a rehearsal with its key. */
  admits({ id, rehearsal }: Pick<Poll, 'id' | 'rehearsal'>, key: string | undefined): boolean {
    if (rehearsal === undefined) return true;
    const [expected, given] = [Buffer.from(this.of(id)), Buffer.from(key ?? '')];
    return given.length === expected.length && timingSafeEqual(given, expected);
  }
}
