import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createHash, createHmac, createSecretKey } from 'node:crypto';

import { HumanCheckError } from '../human-check.ts';
import type { AltchaParameters } from '#contract';

import { canonicalParameters } from './altcha-challenge.ts';
import { AltchaHumanCheck, type AltchaOptions } from './altcha-human-check.ts';

const NOW = Date.parse('2026-11-23T22:00:00.000Z');
const LIFETIME_SECONDS = 300;
const MINIMUM_LIFE_MS = 10_000;

const key = createSecretKey(Buffer.alloc(32, 1));
const otherKey = createSecretKey(Buffer.alloc(32, 2));

const checkWith = (options: Partial<AltchaOptions> = {}): AltchaHumanCheck =>
  new AltchaHumanCheck({ key, difficulty: 20, lifetimeSeconds: LIFETIME_SECONDS, ...options });

interface Challenge {
  parameters: AltchaParameters;
  signature: string;
}

const issued = (check: AltchaHumanCheck, pollId = '1'): Challenge => check.issue(pollId);

/** The smallest counter that solves a challenge, found as the ALTCHA documentation says. */
function counterOf({ parameters }: Challenge): number {
  const start = Buffer.from(parameters.salt + parameters.nonce, 'hex');
  for (let counter = 0; ; counter++) {
    const last = Buffer.alloc(4);
    last.writeUInt32BE(counter);
    const digest = createHash('sha256').update(start).update(last).digest('hex');
    if (digest.startsWith(parameters.keyPrefix)) return counter;
  }
}

const payload = (challenge: unknown, counter: unknown): string =>
  Buffer.from(JSON.stringify({ challenge, solution: { counter, derivedKey: '' } })).toString('base64');

const solved = (challenge: Challenge): string => payload(challenge, counterOf(challenge));

const verdict = (check: AltchaHumanCheck, solution: string, pollId = '1'): string => {
  try {
    check.verify(solution, pollId, MINIMUM_LIFE_MS);
    return 'passed';
  } catch (error) {
    expect(error).toBeInstanceOf(HumanCheckError);
    return (error as HumanCheckError).code;
  }
};

describe('the ALTCHA human check', () => {
  beforeEach(() => {
    jest.useFakeTimers({ now: NOW });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('passes a solved challenge and says what it proves', () => {
    const check = checkWith();
    const challenge = issued(check);

    expect(check.verify(solved(challenge), '1', MINIMUM_LIFE_MS)).toEqual({
      challengeId: challenge.parameters.nonce,
      issuedAt: NOW,
      expiresAt: NOW + LIFETIME_SECONDS * 1000,
      work: { provider: 'altcha', difficulty: 20 },
      price: 'base',
    });
  });

  it('tells how long the challenge is good for, whatever the clock of the phone says', () => {
    expect(checkWith().issue('1')).toMatchObject({ valido_por_segundos: LIFETIME_SECONDS });
  });

  it('takes no longer to solve than the difficulty says', () => {
    const counters = Array.from({ length: 300 }, () => counterOf(issued(checkWith({ difficulty: 8 }))));

    expect(Math.max(...counters)).toBeLessThan(8);
    expect(new Set(counters).size).toBe(8);
  });

  it('never gives the same nonce, salt or work twice', () => {
    const check = checkWith();
    const challenges = Array.from({ length: 1000 }, () => issued(check).parameters);

    for (const field of ['nonce', 'salt', 'keyPrefix'] as const) {
      expect(new Set(challenges.map((parameters) => parameters[field])).size).toBe(1000);
    }
  });

  it('keeps challenges apart that are issued and verified in turn', () => {
    const check = checkWith();
    const challenges = Array.from({ length: 300 }, () => issued(check));

    for (const challenge of challenges) {
      issued(check);
      expect(verdict(check, solved(challenge))).toBe('passed');
    }
  });

  it('says for which poll a challenge is, solved or not and however old, and nothing of what it did not issue', () => {
    const [check, challenge] = [checkWith(), issued(checkWith(), '7')];
    jest.setSystemTime(NOW + 3_600_000);

    expect(check.pollOf(payload(challenge, 4_000_000_000))).toBe('7');
    expect(checkWith({ key: otherKey }).pollOf(solved(challenge))).toBeUndefined();
    const { parameters } = challenge;
    const forged = { ...challenge, parameters: { ...parameters, data: { ...parameters.data, paredao: '8' } } };
    expect(check.pollOf(payload(forged, 0))).toBeUndefined();
    expect(check.pollOf('')).toBeUndefined();
  });

  describe('refuses', () => {
    it('a challenge that was issued more than a minute in the future: a clock was set since', () => {
      jest.setSystemTime(NOW + 61_000);
      const [early, solution] = [checkWith(), solved(issued(checkWith()))];

      expect(verdict(early, solution)).toBe('passed');
      jest.setSystemTime(NOW + 1000);
      expect(verdict(early, solution)).toBe('passed');
      jest.setSystemTime(NOW);
      expect(verdict(early, solution)).toBe('human-check-expired');
    });

    it('a signature that it did not make', () => {
      const challenge = issued(checkWith());
      const flipped = (challenge.signature.startsWith('0') ? '1' : '0') + challenge.signature.slice(1);

      expect(verdict(checkWith(), payload({ ...challenge, signature: flipped }, counterOf(challenge)))).toBe(
        'human-check-invalid',
      );
    });

    it.each<[string, object]>([
      ['algorithm', { algorithm: 'SHA-512' }],
      ['cost', { cost: 2 }],
      ['key length', { keyLength: 16 }],
      ['poll', { data: { dificuldade: 20, paredao: '2' } }],
      ['claimed difficulty', { data: { dificuldade: 1_000_000, paredao: '1' } }],
      ['expiry', { expiresAt: NOW / 1000 + 100_000 }],
      ['nonce', { nonce: 'ab'.repeat(16) }],
      ['salt', { salt: 'ab'.repeat(16) }],
      ['key prefix', { keyPrefix: 'ab'.repeat(16) }],
    ])('a changed %s', (_what, change) => {
      const challenge = issued(checkWith());
      const changed = { ...challenge, parameters: { ...challenge.parameters, ...change } };

      expect(verdict(checkWith(), payload(changed, counterOf(challenge)))).toBe('human-check-invalid');
    });

    it('a cheaper task put into a signed challenge', () => {
      let challenge = issued(checkWith());
      while (counterOf(challenge) === 0) challenge = issued(checkWith());
      const { salt, nonce } = challenge.parameters;
      const first = createHash('sha256')
        .update(Buffer.from(`${salt}${nonce}00000000`, 'hex'))
        .digest('hex');
      const cheaper = { ...challenge, parameters: { ...challenge.parameters, keyPrefix: first.slice(0, 32) } };

      expect(verdict(checkWith(), payload(cheaper, 0))).toBe('human-check-invalid');
    });

    it('a challenge of another poll', () => {
      expect(verdict(checkWith(), solved(issued(checkWith(), '2')), '1')).toBe('human-check-invalid');
    });

    it('a challenge of another deployment', () => {
      expect(verdict(checkWith(), solved(issued(checkWith({ key: otherKey }))))).toBe('human-check-invalid');
    });

    it.each([
      ['no counter', undefined],
      ['the next counter', 1],
      ['a wrapped counter', 2 ** 32],
      ['a negative counter', -(2 ** 32)],
      ['half a counter', 0.5],
      ['a counter as text', '0'],
    ])('%s', (_what, wrong) => {
      const challenge = issued(checkWith());
      const counter = typeof wrong === 'number' ? counterOf(challenge) + wrong : wrong;

      expect(verdict(checkWith(), payload(challenge, counter))).toBe('human-check-invalid');
    });

    it.each([
      ['a quote', '1","x":"'],
      ['an empty poll', ''],
      ['a line break', '1\n'],
      ['a number', 1],
    ])('%s in the data, even where someone signed it', (_what, paredao) => {
      const challenge = issued(checkWith());
      const parameters = { ...challenge.parameters, data: { dificuldade: 20, paredao } } as AltchaParameters;
      const signature = createHmac('sha256', key).update(canonicalParameters(parameters)).digest('hex');

      expect(verdict(checkWith(), payload({ parameters, signature }, counterOf(challenge)), String(paredao))).toBe(
        'human-check-invalid',
      );
    });
  });

  describe('on time', () => {
    it('accepts a challenge that lives just long enough, and refuses it a moment later as expired', () => {
      const solution = solved(issued(checkWith()));

      jest.setSystemTime(NOW + LIFETIME_SECONDS * 1000 - MINIMUM_LIFE_MS);
      expect(verdict(checkWith(), solution)).toBe('passed');
      jest.setSystemTime(NOW + LIFETIME_SECONDS * 1000 - MINIMUM_LIFE_MS + 1);
      expect(verdict(checkWith(), solution)).toBe('human-check-expired');
    });

    it('does not tell a forger whether a challenge expired', () => {
      const solution = solved(issued(checkWith({ key: otherKey })));

      jest.setSystemTime(NOW + LIFETIME_SECONDS * 2000);
      expect(verdict(checkWith(), solution)).toBe('human-check-invalid');
    });
  });

  describe('after the keys were rotated', () => {
    const rotated = (rotatedAt: number): AltchaHumanCheck =>
      checkWith({ key: otherKey, previous: { key, rotatedAt }, lifetimeSeconds: LIFETIME_SECONDS });

    it('accepts what the previous key signed for one lifetime', () => {
      const solution = solved(issued(checkWith()));

      jest.setSystemTime(NOW + LIFETIME_SECONDS * 1000 - MINIMUM_LIFE_MS);
      expect(verdict(rotated(NOW), solution)).toBe('passed');
    });

    it('refuses it later, however long the challenge claims to live', () => {
      const longLived = solved(issued(checkWith({ lifetimeSeconds: LIFETIME_SECONDS + 60 })));

      jest.setSystemTime(NOW + LIFETIME_SECONDS * 1000);
      expect(verdict(rotated(NOW), longLived)).toBe('passed');
      jest.setSystemTime(NOW + LIFETIME_SECONDS * 1000 + 1);
      expect(verdict(rotated(NOW), longLived)).toBe('human-check-invalid');
    });

    it('signs with the new key', () => {
      expect(verdict(checkWith({ key: otherKey }), solved(issued(rotated(NOW))))).toBe('passed');
      expect(verdict(checkWith(), solved(issued(rotated(NOW))))).toBe('human-check-invalid');
    });
  });
});
