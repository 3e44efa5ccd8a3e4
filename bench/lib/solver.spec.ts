import { describe, expect, test } from '@jest/globals';
import { createSecretKey } from 'node:crypto';

import { AltchaHumanCheck } from '#human-check';

import { solve, solvedPayload } from './solver.ts';

const check = new AltchaHumanCheck({
  key: createSecretKey('00'.repeat(32), 'hex'),
  difficulty: 50,
  lifetimeSeconds: 300,
});
const issue = () => check.issue('1');

describe('the solver', () => {
  test('solves what the service issues, and the service accepts it', () => {
    const challenge = issue();
    const { challengeId } = check.verify(solvedPayload(challenge), '1', 0);
    expect(challengeId).toBe(challenge.parameters.nonce);
  });

  test('finds a counter below the difficulty', () => {
    for (let round = 0; round < 100; round++) expect(solve(issue()).counter).toBeLessThan(50);
  });

  test('gives up on what cannot be solved', () => {
    const { parameters, signature } = issue();
    const foreign = { parameters: { ...parameters, keyPrefix: 'f'.repeat(32) }, signature };
    expect(() => solve(foreign, 1000)).toThrow('no counter below 1000');
  });
});
