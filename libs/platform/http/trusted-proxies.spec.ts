import { describe, expect, test } from '@jest/globals';

import { trustedProxies } from './trusted-proxies.ts';

describe('trusted proxies', () => {
  const isTrusted = trustedProxies(['192.0.2.0/24', '2001:db8::1']);

  test.each([
    ['192.0.2.1', true],
    ['::ffff:192.0.2.1', true],
    ['2001:db8::1', true],
    ['192.0.3.1', false],
    ['2001:db8::2', false],
    ['no address', false],
    ['', false],
  ])('%s: %p, and the same when asked again', (address, expected) => {
    expect([isTrusted(address), isTrusted(address)]).toEqual([expected, expected]);
  });

  test('answers right beyond what it remembers', () => {
    const addresses = Array.from(
      { length: 600 },
      (_, index) => `192.0.${String(2 + (index % 2))}.${String(index % 256)}`,
    );
    for (const address of addresses) expect(isTrusted(address)).toBe(address.startsWith('192.0.2.'));
  });

  test('are addresses', () => {
    expect(() => trustedProxies(['nginx'])).toThrow('invalid IP address');
  });
});
