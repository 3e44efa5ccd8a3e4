import { describe, expect, it } from '@jest/globals';
import { createSecretKey } from 'node:crypto';

import { CheckSeal, type SealedCheck } from './check-seal.ts';

const NOW = Date.UTC(2026, 10, 23, 22);
const MINUTE = 60_000;
const key = createSecretKey(Buffer.alloc(32, 1));
const count = { votes: 41, digest: 'c0'.repeat(32) };
const check: SealedCheck = {
  ...{ pollId: '3', by: 'rui', at: NOW, findings: 0, commitment: 'v2-0f@2+41', fold: count, sql: count },
};
const seal = new CheckSeal(key);
const refusal = (text: string, asked: { pollId?: string; by?: string; now?: number } = {}): unknown => {
  const { pollId = '3', by = 'rui', now = NOW } = asked;
  try {
    return seal.open(text, { pollId, by }, now);
  } catch (error) {
    return (error as { code?: string }).code;
  }
};

describe('the seal of a check', () => {
  it('brings back what was found, to the user who asked, for ten minutes', () => {
    const text = seal.seal(check);

    expect(text.length).toBeLessThan(1000);
    expect(seal.open(text, { pollId: '3', by: 'rui' }, NOW)).toEqual(check);
    expect(seal.open(text, { pollId: '3', by: 'rui' }, NOW + 10 * MINUTE)).toEqual(check);
  });

  it.each([
    ['another user', { by: 'ana' }],
    ['another poll', { pollId: '4' }],
    ['eleven minutes later', { now: NOW + 11 * MINUTE }],
    ['a time before it was made', { now: NOW - MINUTE }],
  ])('is refused for %s', (_what, asked) => {
    expect(refusal(seal.seal(check), asked)).toBe('invalid-seal');
  });

  it('is refused when any of it was changed: nobody signs what no audit found', () => {
    const [text = '', mac = ''] = seal.seal({ ...check, findings: 2 }).split('.');
    const better = Buffer.from(JSON.stringify(check)).toString('base64url');

    for (const forged of [`${better}.${mac}`, `${text}.${'A'.repeat(43)}`, text, `${text}.`, '', '.', 'x.y.z']) {
      expect(refusal(forged)).toBe('invalid-seal');
    }
  });

  it('of another deployment is refused', () => {
    const other = new CheckSeal(createSecretKey(Buffer.alloc(32, 2)));

    expect(refusal(other.seal(check))).toBe('invalid-seal');
  });
});
