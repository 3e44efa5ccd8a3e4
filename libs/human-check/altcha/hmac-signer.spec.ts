import { describe, expect, it } from '@jest/globals';
import { createHmac, createSecretKey, randomBytes } from 'node:crypto';

import { HmacSigner } from './hmac-signer.ts';

describe('the HMAC signer', () => {
  it.each([1, 32, 63, 64])('agrees with node:crypto for a key of %d bytes, text after text', (length) => {
    const key = createSecretKey(randomBytes(length));
    const signer = new HmacSigner(key);

    for (const size of [1024, 0, 1, 55, 56, 64, 300]) {
      const text = randomBytes(size).toString('latin1');
      const code = createHmac('sha256', key).update(text, 'latin1').digest('hex');
      expect(signer.sign(text)).toBe(code);
      expect(signer.verify(text, code)).toBe(true);
      expect(signer.verify(`${text}.`.slice(-1024), code)).toBe(false);
      expect(signer.verify(text, code.slice(0, -1) + (code.endsWith('0') ? '1' : '0'))).toBe(false);
    }
  });

  it('gives the value of RFC 4231, test case 2', () => {
    const signer = new HmacSigner(createSecretKey(Buffer.from('Jefe')));

    expect(signer.sign('what do ya want for nothing?')).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
  });

  it('refuses what it has no room for', () => {
    expect(() => new HmacSigner(createSecretKey(randomBytes(65)))).toThrow('at most 64 bytes');
    expect(() => new HmacSigner(createSecretKey(randomBytes(32))).sign('x'.repeat(1025))).toThrow('at most 1024');
  });
});
