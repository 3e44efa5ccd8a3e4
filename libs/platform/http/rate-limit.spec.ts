import { describe, expect, it } from '@jest/globals';

import { clientOf, networkOf } from './rate-limit.ts';

describe('a client, as limits know it, is', () => {
  it.each([
    ['an IPv4 address', '203.0.113.7', '203.0.113.7'],
    ['the IPv4 address in a mapped one', '::ffff:203.0.113.7', '203.0.113.7'],
    ['the IPv4 address in a mapped one of capitals', '::FFFF:203.0.113.7', '203.0.113.7'],
    ['the /64 network of an IPv6 address', '2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['the /64 network of a shortened one', '2001:db8::6', '2001:db8:0:0'],
    ['the /64 network where the zeros end it', '2001:db8:1:2::', '2001:db8:1:2'],
    ['the /64 network where the zeros begin it', '::1', '0:0:0:0'],
    ['all zeros', '::', '0:0:0:0'],
    ['the /64 network of an embedded IPv4 address', '64:ff9b::203.0.113.7', '64:ff9b:0:0'],
    ['the same network in capitals', '2001:DB8::6', '2001:db8:0:0'],
    ['what was given, where it is no address', 'unix:', 'unix:'],
  ])('%s', (_what, ip, client) => {
    expect(clientOf({ ip })).toBe(client);
  });

  it('the same for every address of a household', () => {
    const clients = ['2001:db8:1:2::1', '2001:db8:1:2:ffff::', '2001:db8:1:2:a:b:c:d'].map((ip) => clientOf({ ip }));

    expect(new Set(clients).size).toBe(1);
  });

  it('another one in the next network', () => {
    expect(clientOf({ ip: '2001:db8:1:3::1' })).not.toBe(clientOf({ ip: '2001:db8:1:2::1' }));
    expect(clientOf({ ip: '203.0.113.8' })).not.toBe(clientOf({ ip: '203.0.113.7' }));
  });
});

describe('the network around a client is', () => {
  it.each([
    ['the /24 of an IPv4 address', '203.0.113.7', '203.0.113'],
    ['the /48 of an IPv6 network', '2001:db8:1:2::7', '2001:db8:1'],
    ['what was given, where it is no address', 'unix', 'unix'],
  ])('%s', (_what, ip, network) => {
    expect(networkOf(clientOf({ ip }))).toBe(network);
  });
});
