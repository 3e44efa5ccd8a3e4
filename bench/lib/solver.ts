import { hash } from 'node:crypto';

import type { AltchaParameters, Challenge } from '#contract';

/** What a solver needs of a challenge. */
interface Work {
  readonly parameters: Pick<AltchaParameters, 'keyPrefix' | 'nonce' | 'salt'>;
}

const NONCE_AT = 16;
const COUNTER_AT = 32;
const MESSAGE_BYTES = 36;

/**
 * Finds the smallest counter for which SHA-256(salt ‖ nonce ‖ counter as uint32 big-endian) starts with the key prefix.
 * @param limit counters to try
 * @throws when none of them does: the challenge is not one of ours
 */
export function solve({ parameters }: Work, limit = 1_000_000): { counter: number; derivedKey: string } {
  const message = Buffer.alloc(MESSAGE_BYTES);
  message.write(parameters.salt, 0, 'hex');
  message.write(parameters.nonce, NONCE_AT, 'hex');
  for (let counter = 0; counter < limit; counter++) {
    message.writeUInt32BE(counter, COUNTER_AT);
    const derivedKey = hash('sha256', message, 'hex');
    if (derivedKey.startsWith(parameters.keyPrefix)) return { counter, derivedKey };
  }
  throw new Error(`no counter below ${String(limit)} solves the challenge`);
}

const SAMPLE_HASHES = 20_000;

/** How fast this process tries counters. */
export function hashesPerSecond(): number {
  const message = Buffer.alloc(MESSAGE_BYTES);
  const started = performance.now();
  for (let counter = 0; counter < SAMPLE_HASHES; counter++) {
    message.writeUInt32BE(counter, COUNTER_AT);
    hash('sha256', message, 'hex');
  }
  return (SAMPLE_HASHES / (performance.now() - started)) * 1000;
}

/** The `altcha` field of a vote: base64 of the challenge and its solution. */
export function solvedPayload({ parameters, signature }: Pick<Challenge, 'parameters' | 'signature'>): string {
  const solution = solve({ parameters });
  return Buffer.from(JSON.stringify({ challenge: { parameters, signature }, solution })).toString('base64');
}
