import { EventEmitter } from 'node:events';
import { expect, it } from '@jest/globals';

import { ConnectionLimit } from './connection-limit.ts';

class Connection extends EventEmitter {
  constructor(readonly remoteAddress: string | undefined) {
    super();
  }
}
const admitted = (limit: ConnectionLimit, address: string, count: number): Connection[] =>
  Array.from({ length: count }, () => new Connection(address)).filter((connection) => limit.admits(connection));

it('gives each client address its share, and others theirs', () => {
  const limit = new ConnectionLimit();

  expect(admitted(limit, '203.0.113.1', 5000)).toHaveLength(1000);
  expect(admitted(limit, '203.0.113.2', 10)).toHaveLength(10);
});

it('takes an IPv6 network for one client, and an IPv4 address for the same in both forms', () => {
  const limit = new ConnectionLimit();

  expect(admitted(limit, '2001:db8:1:2::1', 600)).toHaveLength(600);
  expect(admitted(limit, '2001:db8:1:2:3::9', 600)).toHaveLength(400);
  expect(admitted(limit, '203.0.113.1', 600)).toHaveLength(600);
  expect(admitted(limit, '::ffff:203.0.113.1', 600)).toHaveLength(400);
});

it('has room again when connections close', () => {
  const limit = new ConnectionLimit();
  const connections = admitted(limit, '203.0.113.1', 1000);
  for (const connection of connections.slice(0, 7)) connection.emit('close');

  expect(admitted(limit, '203.0.113.1', 100)).toHaveLength(7);
});

it('does not count what comes through a trusted proxy, and takes nothing that is gone already', () => {
  const limit = new ConnectionLimit((address) => address === '10.0.0.1');

  expect(admitted(limit, '10.0.0.1', 5000)).toHaveLength(5000);
  expect(limit.admits(new Connection(undefined))).toBe(false);
});
