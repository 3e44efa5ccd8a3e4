import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createSecretKey } from 'node:crypto';

import { AltchaHumanCheck } from '../altcha/altcha-human-check.ts';
import type { Challenge } from '../human-check.ts';
import { SiteverifyDouble } from '../testing/siteverify-double.ts';
import { CaptchaHumanCheck, type CaptchaOptions, type CaptchaOutcome } from './captcha-human-check.ts';
import { CAPTCHA_PROVIDER_NAMES, type CaptchaProviderName } from '#contract';
import { Siteverify } from './siteverify.ts';

const HOSTNAME = 'vote.example';
const VISITOR = { client: '203.0.113.7', network: '203.0.113' };
const MINIMUM_LIFE_MS = 10_000;

let double: SiteverifyDouble;
let outcomes: CaptchaOutcome[];

interface Variation extends Partial<CaptchaOptions> {
  readonly captcha?: 'always' | 'suspicious';
  readonly verifyUrl?: string;
  readonly timeLimitMs?: number;
}

function checkWith({
  captcha = 'always',
  verifyUrl = double.verifyUrl,
  timeLimitMs = 5000,
  ...options
}: Variation = {}): CaptchaHumanCheck {
  const key = createSecretKey(Buffer.alloc(32, 1));
  // at this difficulty the solution is always 0
  const work = new AltchaHumanCheck({ key, difficulty: 1, lifetimeSeconds: 300, captcha });
  const { provider, secret, siteKey } = double;
  const siteverify = new Siteverify({ provider, siteKey, secret, hostname: HOSTNAME, verifyUrl, timeLimitMs });
  const report = (outcome: CaptchaOutcome): void => void outcomes.push(outcome);
  return new CaptchaHumanCheck(work, siteverify, { provider, siteKey, outagePolicy: 'refuse', report, ...options });
}

let visitors = 0;

/** Of a challenge for somebody new, who pays the base price. */
function solution(check: CaptchaHumanCheck): string {
  const client = `10.0.${String(++visitors)}`;
  return solved(check.issue('1', { client, network: client }));
}

function solved({ parameters, signature }: Challenge): string {
  const payload = { challenge: { parameters, signature }, solution: { counter: 0 } };
  return Buffer.from(JSON.stringify(payload)).toString('base64');
}

/** The provider of the evidence, or the code of the refusal. */
async function verdict(check: CaptchaHumanCheck, payload: string, token?: string): Promise<string> {
  try {
    return (await check.verify(payload, '1', MINIMUM_LIFE_MS, token)).work.provider;
  } catch (error) {
    return (error as { code: string }).code;
  }
}

async function useProvider(provider: CaptchaProviderName): Promise<void> {
  await double.stop();
  double = await SiteverifyDouble.start(provider, HOSTNAME);
}

beforeEach(async () => {
  outcomes = [];
  double = await SiteverifyDouble.start('turnstile', HOSTNAME);
});
afterEach(() => double.stop());

describe.each(CAPTCHA_PROVIDER_NAMES)('with %s', (provider) => {
  beforeEach(() => useProvider(provider));

  it('a vote needs the work and a token; the id is that of the challenge, and the evidence names both', async () => {
    const check = checkWith();
    const challenge = check.issue('1', VISITOR);
    expect(challenge.captcha).toEqual({
      provedor: provider,
      chave: double.siteKey,
      acao: 'votar',
      script: expect.stringMatching(/^https:/),
    });
    const { nonce } = challenge.parameters as { nonce: string };
    const passed = await check.verify(solved(challenge), '1', MINIMUM_LIFE_MS, double.mint());
    expect(passed).toMatchObject({ challengeId: nonce, work: { provider: `altcha-${provider}`, difficulty: 1 } });
    expect(double.asked[0]).toMatchObject({ secret: double.secret, sitekey: double.siteKey });
    expect(Object.keys(double.asked[0]!)).not.toContain('remoteip');
  });

  it('a token opens one challenge, also where another process has seen it', async () => {
    const [check, other] = [checkWith(), checkWith()];
    const token = double.mint();
    expect(await verdict(check, solution(check), token)).toBe(`altcha-${provider}`);
    expect(await verdict(check, solution(check), token)).toBe('captcha-invalid');
    expect(await verdict(other, solution(other), token)).toBe('captcha-invalid');
  });

  it('fifty retries at once ask once, and need no token later', async () => {
    const check = checkWith();
    const payload = solution(check);
    const token = double.mint();
    const verdicts = await Promise.all(Array.from({ length: 50 }, () => verdict(check, payload, token)));
    expect(new Set(verdicts)).toEqual(new Set([`altcha-${provider}`]));
    expect(await verdict(check, payload)).toBe(`altcha-${provider}`);
    expect(double.asked).toHaveLength(1);
  });

  it('a token of another site is refused', async () => {
    const check = checkWith();
    expect(await verdict(check, solution(check), double.mint({ hostname: 'evil.example' }))).toBe('captcha-invalid');
  });

  it.each(['', 'invented', 'with space', 'ü'])('%p is no token', async (token) => {
    const check = checkWith();
    expect(await verdict(check, solution(check), token)).toBe('captcha-invalid');
  });
});

describe('Turnstile', () => {
  it('a token for another action is refused', async () => {
    const check = checkWith();
    expect(await verdict(check, solution(check), double.mint({ action: 'login' }))).toBe('captcha-invalid');
  });

  it('a retry of the same challenge passes at another process', async () => {
    const [check, other] = [checkWith(), checkWith()];
    const payload = solution(check);
    const token = double.mint();
    expect(await verdict(check, payload, token)).toBe('altcha-turnstile');
    expect(await verdict(other, payload, token)).toBe('altcha-turnstile');
  });
});

describe('a challenge that was not marked', () => {
  it('needs no token and is checked at once; a client that votes like a machine gets marked ones', async () => {
    const check = checkWith({ captcha: 'suspicious' });
    const plain = solution(check);
    expect(check.verify(plain, '1', MINIMUM_LIFE_MS)).not.toBeInstanceOf(Promise);
    const last = Array.from({ length: 40 }, () => check.issue('1', VISITOR)).at(-1);
    expect(last?.captcha).toBeDefined();
    expect(await verdict(check, plain)).toBe('altcha');
  });

  it('cannot be made from a marked one', async () => {
    const check = checkWith();
    const json = Buffer.from(solution(check), 'base64').toString();
    const stripped = Buffer.from(json.replace('"captcha":true,', '')).toString('base64');
    expect(await verdict(check, stripped)).toBe('human-check-invalid');
  });
});

describe('forged work', () => {
  it('is refused before anybody is asked', async () => {
    const check = checkWith();
    expect(await verdict(check, 'forged', double.mint())).toBe('human-check-invalid');
    expect(double.asked).toHaveLength(0);
  });
});

describe('while the provider is away', () => {
  /** A silent provider is waited for as long. */
  const timeLimitMs = 1500;
  const TROUBLES = ['status-503', 'not-json', 'silent', 'wrong-secret'] as const;

  it.each(TROUBLES)('votes are refused and may come again: %s', async (trouble) => {
    const check = checkWith({ timeLimitMs });
    const payload = solution(check);
    const token = double.mint();
    double.trouble = trouble;
    expect(await verdict(check, payload, token)).toBe('captcha-unavailable');
    double.trouble = 'none';
    expect(await verdict(check, payload, token)).toBe('altcha-turnstile');
    expect(outcomes).toEqual(['outage', 'passed']);
  });

  it.each(TROUBLES)('or admitted on their work alone, as the evidence says: %s', async (trouble) => {
    const check = checkWith({ outagePolicy: 'proof-of-work-only', timeLimitMs });
    double.trouble = trouble;
    expect(await verdict(check, solution(check), double.mint())).toBe('altcha');
    // no widget, no token
    expect(await verdict(check, solution(check))).toBe('altcha');
    expect(outcomes).toEqual(['admitted', 'admitted']);
    double.trouble = 'none';
    expect(await verdict(check, solution(check))).toBe('captcha-invalid');
  });

  it('also when nobody listens', async () => {
    const check = checkWith({ verifyUrl: 'http://127.0.0.1:1/siteverify' });
    expect(await verdict(check, solution(check), double.mint())).toBe('captcha-unavailable');
  });

  it('it is left alone after five outages', async () => {
    const check = checkWith();
    double.trouble = 'status-503';
    for (let vote = 0; vote < 9; vote++) await verdict(check, solution(check), double.mint());
    expect(double.asked).toHaveLength(5);
    expect(outcomes).toEqual(Array(9).fill('outage'));
  });

  it('a crowd of wrong tokens does not pass for an outage', async () => {
    const check = checkWith({ outagePolicy: 'proof-of-work-only', timeLimitMs: 30_000 });
    const verdicts = await Promise.all(
      Array.from({ length: 400 }, (_, index) => verdict(check, solution(check), `invented-${String(index)}`)),
    );
    expect(verdicts.filter((code) => code === 'captcha-invalid')).toHaveLength(256);
    expect(verdicts.filter((code) => code === 'captcha-unavailable')).toHaveLength(144);
  });
});
