import { describe, expect, it } from '@jest/globals';
import { createSearch, solve } from './solver.ts';

const salt = '000102030405060708090a0b0c0d0e0f';
const nonce = 'f0e1d2c3b4a5968778695a4b3c2d1e0f';

/** The digest that the issuer would derive, by an independent implementation. */
async function digestOf(counter: number, of = { salt, nonce }): Promise<string> {
  const message = new Uint8Array(36);
  (of.salt + of.nonce).match(/../g)?.forEach((byte, i) => (message[i] = parseInt(byte, 16)));
  new DataView(message.buffer).setUint32(32, counter);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', message));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

describe('the human check solver', () => {
  it.each([0, 1, 2, 255, 256, 4_095, 49_999])(
    'finds the counter %i that the challenge was made from',
    async (counter) => {
      const derivedKey = await digestOf(counter);
      expect(solve({ salt, nonce, keyPrefix: derivedKey.slice(0, 32) })).toEqual({ counter, derivedKey });
    },
  );

  it('agrees with another SHA-256 for random salts and nonces', async () => {
    const random = () =>
      Array.from({ length: 4 }, () =>
        Math.trunc(Math.random() * 2 ** 32)
          .toString(16)
          .padStart(8, '0'),
      ).join('');
    for (let i = 0; i < 50; i++) {
      const challenge = { salt: random(), nonce: random() };
      const derivedKey = await digestOf(i, challenge);
      expect(solve({ ...challenge, keyPrefix: derivedKey.slice(0, 32) }, i)).toEqual({ counter: i, derivedKey });
    }
  });

  it('handles counters above 2^31', async () => {
    const counter = 0xffff_fffe;
    const search = createSearch({ salt, nonce, keyPrefix: (await digestOf(counter)).slice(0, 32) });
    expect(search(counter - 3, counter + 1)?.counter).toBe(counter);
  });

  it('says null when the counter lies beyond the bound', async () => {
    const keyPrefix = (await digestOf(51)).slice(0, 32);
    expect(solve({ salt, nonce, keyPrefix }, 50)).toBeNull();
    expect(solve({ salt, nonce, keyPrefix }, 51)?.counter).toBe(51);
  });

  it.each([1, 2, 12, 13, 15, 17, 32])('takes a prefix of %i bytes', async (bytes) => {
    const keyPrefix = (await digestOf(7)).slice(0, bytes * 2);
    const solution = solve({ salt, nonce, keyPrefix });
    expect(solution?.derivedKey.startsWith(keyPrefix)).toBe(true);
    expect(solution?.counter).toBeLessThanOrEqual(7);
    expect(solution?.derivedKey).toBe(await digestOf(solution?.counter ?? -1));
  });

  it.each([
    ['a short salt', { salt: '00', nonce, keyPrefix: '00' }],
    ['a nonce that is not hex', { salt, nonce: 'z'.repeat(32), keyPrefix: '00' }],
    ['no prefix', { salt, nonce, keyPrefix: '' }],
    ['a prefix longer than the digest', { salt, nonce, keyPrefix: '0'.repeat(66) }],
  ])('refuses %s', (_, parameters) => {
    expect(() => solve(parameters)).toThrow(RangeError);
  });
});
