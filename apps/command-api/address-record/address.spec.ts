import { describe, expect, it } from '@jest/globals';

import { addressText, readAddress } from './address.ts';

const words = new Uint32Array(4);
const usual = (text: string): string | undefined => (readAddress(text, words) ? addressText(words, 0) : undefined);

describe('an address', () => {
  it.each([
    ['203.0.113.9', '203.0.113.9'],
    ['255.255.255.255', '255.255.255.255'],
    ['0.0.0.0', '0.0.0.0'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['::FFFF:cb00:7109', '203.0.113.9'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['2001:db8::', '2001:db8::'],
    ['::', '::'],
    ['::1', '::1'],
    ['1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8'],
    ['64:ff9b::192.0.2.1', '64:ff9b::c000:201'],
    ['fe80::1%eth0', 'fe80::1'],
  ])('%s is %s', (text, expected) => {
    expect(usual(text)).toBe(expected);
  });

  it.each([
    '',
    'unknown',
    '1.2.3',
    '1.2.3.4.5',
    '256.1.1.1',
    '1..2.3',
    '1.2.3.',
    '1.2.3.4:80',
    '1:2',
    ':::',
    '12345::',
    '0001.2.3.4',
  ])('"%s" is none', (text) => {
    expect(usual(text)).toBeUndefined();
  });
});
