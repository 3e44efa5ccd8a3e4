import { describe, expect, test } from '@jest/globals';
import type { Socket } from 'node:net';

import { addressOf, forwardedClient } from './client-address.ts';
import { trustedProxies } from './trusted-proxies.ts';

describe('an address', () => {
  test.each([
    ['203.0.113.7', '203.0.113.7'],
    [' 203.0.113.7 ', '203.0.113.7'],
    ['203.0.113.7:4711', '203.0.113.7'],
    ['"203.0.113.7"', '203.0.113.7'],
    ['"203.0.113.7:80"', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::FFFF:CB00:7107', '203.0.113.7'],
    ['0:0:0:0:0:ffff:203.0.113.7', '203.0.113.7'],
    ['[::ffff:203.0.113.7]:443', '203.0.113.7'],
    ['2001:DB8:0:0::0007', '2001:db8::7'],
    ['[2001:db8::7]', '2001:db8::7'],
    ['[2001:db8::7]:4711', '2001:db8::7'],
    ['"[2001:db8::7]:4711"', '2001:db8::7'],
    ['fe80::1%eth0', 'fe80::1'],
    ['[fe80::1%25eth0]:80', 'fe80::1'],
    ['64:ff9b::203.0.113.7', '64:ff9b::cb00:7107'],
  ])('%s is %s', (text, address) => {
    expect(addressOf(text)).toBe(address);
  });

  test.each(
    [
      [
        '',
        'unknown',
        '_hidden',
        '_SEVKISEK',
        'for=203.0.113.7',
        '203.0.113',
        '203.0.113.256',
        '203.0.113.07',
        '1',
        '0x7f.1',
      ],
      [
        '[203.0.113.7',
        '2001:db8::7]:1',
        '203.0.113.7:',
        '203.0.113.7:http',
        ':::',
        '[]',
        '%',
        '203.0.113.7%eth0',
        'a.example',
      ],
    ].flat(),
  )('%j is none', (text) => {
    expect(addressOf(text)).toBeUndefined();
  });
});

describe('the client behind trusted proxies', () => {
  const isTrusted = trustedProxies(['192.0.2.0/24', '2001:db8:ffff::/48']);
  const clientOf = (forwarded: string | undefined, remoteAddress = '192.0.2.1'): string | undefined =>
    forwardedClient(
      { headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }, socket: { remoteAddress } as Socket },
      isTrusted,
    );

  test.each([
    ['the last address', '198.51.100.9, 203.0.113.7', '203.0.113.7'],
    ['with a new port each time, the same', '203.0.113.7:50001', '203.0.113.7'],
    ['behind proxies that add ports', '203.0.113.7:1, 192.0.2.9:2, [2001:db8:ffff::1]:3', '203.0.113.7'],
    ['behind a mapped proxy', '203.0.113.7, ::ffff:192.0.2.9', '203.0.113.7'],
    ['whatever stands before it', 'unknown, \u0000, 203.0.113.7', '203.0.113.7'],
    ['past empty elements', ', 203.0.113.7, ,,192.0.2.9,, ', '203.0.113.7'],
    ['the first proxy, when there is no other', '192.0.2.8, 192.0.2.9', '192.0.2.8'],
    ['the proxy that passed on what is no address', '203.0.113.7, unknown, 192.0.2.9', '192.0.2.9'],
  ])('is %s', (_what, forwarded, client) => {
    expect(clientOf(forwarded)).toBe(client);
  });

  test.each([undefined, '', ' , ,', 'unknown', '203.0.113.7, _hidden', 'for=203.0.113.7', '203.0.113.7;192.0.2.9'])(
    'is who is connected, when they say %j',
    (forwarded) => {
      expect(clientOf(forwarded)).toBeUndefined();
    },
  );

  test('is who is connected, when that is no trusted proxy, or nobody knows', () => {
    expect(clientOf('203.0.113.7', '198.51.100.1')).toBeUndefined();
    expect(clientOf('203.0.113.7', '')).toBeUndefined();
  });

  test('is found in thousands of elements without reading them all', () => {
    const proxies = Array.from({ length: 1500 }, () => '192.0.2.9').join(',');
    const started = performance.now();
    for (let round = 0; round < 1000; round++) expect(clientOf(`203.0.113.7,${proxies}`)).toBe('192.0.2.9');
    expect(clientOf(`${proxies},203.0.113.7`)).toBe('203.0.113.7');
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
