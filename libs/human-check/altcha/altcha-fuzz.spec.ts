import { describe, expect, it } from '@jest/globals';
import { createSecretKey } from 'node:crypto';

import { seeded } from '../../platform/testing/seeded.ts';
import { HumanCheckError } from '../human-check.ts';
import { AltchaHumanCheck } from './altcha-human-check.ts';

const check = new AltchaHumanCheck({
  key: createSecretKey(Buffer.alloc(32, 1)),
  difficulty: 50_000_000,
  lifetimeSeconds: 300,
});

const NASTY = [null, true, -0, -1, 1e308, 2 ** 53, '', '0', 'ü', '\0', [], {}, [[]], { length: 64 }, 'f'.repeat(64)];

/** A copy of a JSON value with one of its parts replaced by something nasty, removed, or doubled. */
function mutate(value: unknown, random: () => number): unknown {
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  if (keys.length === 0 || random() < 0.15) return NASTY[Math.floor(random() * NASTY.length)];
  const copy = structuredClone(value) as Record<string, unknown>;
  const key = keys[Math.floor(random() * keys.length)] ?? '';
  if (random() < 0.2) return Object.fromEntries(Object.entries(copy).filter(([other]) => other !== key));
  copy[key] = mutate(copy[key], random);
  return copy;
}

function damage(text: string, random: () => number): string {
  const at = Math.floor(random() * text.length);
  const junk = String.fromCharCode(Math.floor(random() * 0x300));
  return text.slice(0, at) + junk.repeat(Math.floor(random() * 3)) + text.slice(at + Math.floor(random() * 3));
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify([value]).slice(1, -1)).toString('base64');

function refusalOf(payload: string): unknown {
  try {
    check.verify(payload, '1', 10_000);
    return undefined;
  } catch (error) {
    return error;
  }
}

describe('whatever is sent as a solution', () => {
  const random = seeded(20_261_123);
  const unsolved = { challenge: check.issue('1'), solution: { counter: 4_000_000_000, derivedKey: '00' } };

  it.each([
    ['nothing', ''],
    ['no base64', '%%%'],
    ['no JSON', Buffer.from('{').toString('base64')],
    ['JSON null', encode(null)],
    ['a JSON number', encode(1)],
    ['a JSON array', encode([])],
    ['empty parts', encode({ challenge: null, solution: null })],
    ['a deep nest', Buffer.from('['.repeat(1500)).toString('base64')],
    ['a prototype', Buffer.from('{"__proto__":{"challenge":{}},"constructor":1}').toString('base64')],
  ])('%s is refused as invalid', (_what, payload) => {
    expect(refusalOf(payload)).toMatchObject({ code: 'human-check-invalid' });
  });

  it('wrong types anywhere in it are refused, and nothing else is thrown', () => {
    for (let round = 0; round < 3000; round++) {
      const payload = encode(mutate(unsolved, random));
      expect(refusalOf(payload)).toBeInstanceOf(HumanCheckError);
    }
  });

  it('damaged JSON and damaged base64 are refused, and nothing else is thrown', () => {
    const json = JSON.stringify(unsolved);
    for (let round = 0; round < 3000; round++) {
      expect(refusalOf(Buffer.from(damage(json, random)).toString('base64'))).toBeInstanceOf(HumanCheckError);
      expect(refusalOf(damage(encode(unsolved), random))).toBeInstanceOf(HumanCheckError);
    }
  });
});
