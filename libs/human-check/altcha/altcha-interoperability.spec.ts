import { describe, expect, it } from '@jest/globals';
import { type Challenge, createChallenge, solveChallenge, verifySolution } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/sha';
import { createSecretKey } from 'node:crypto';

import { AltchaHumanCheck } from './altcha-human-check.ts';

/** The library takes its key as text. */
const SECRET = 'a secret that both sides know';
const check = new AltchaHumanCheck({
  key: createSecretKey(Buffer.from(SECRET)),
  difficulty: 50,
  lifetimeSeconds: 300,
});

const encode = (challenge: Challenge, solution: unknown): string =>
  Buffer.from(JSON.stringify({ challenge, solution })).toString('base64');

describe('with the ALTCHA library', () => {
  it('our challenge, solved by the library, passes here and there', async () => {
    const { parameters, signature } = check.issue('1') as unknown as Required<Challenge>;
    const challenge = { parameters, signature };
    const solution = await solveChallenge({ challenge, deriveKey });
    if (solution === null) throw new Error('the library found no solution');

    const there = await verifySolution({ challenge, solution, deriveKey, hmacSignatureSecret: SECRET });
    const here = check.verify(encode(challenge, solution), '1', 10_000);

    expect(there).toMatchObject({ verified: true, expired: false, invalidSignature: false, invalidSolution: false });
    expect(here.challengeId).toBe(parameters.nonce);
  });

  it('its challenge of our kind, solved by itself, passes here', async () => {
    const challenge = await createChallenge({
      algorithm: 'SHA-256',
      cost: 1,
      counter: 17,
      data: { paredao: '1', dificuldade: 50 },
      deriveKey,
      expiresAt: Math.floor(Date.now() / 1000) + 300,
      hmacSignatureSecret: SECRET,
    });
    const solution = await solveChallenge({ challenge, deriveKey });

    expect(solution?.counter).toBe(17);
    expect(check.verify(encode(challenge, solution), '1', 10_000).challengeId).toBe(challenge.parameters.nonce);
  });
});
