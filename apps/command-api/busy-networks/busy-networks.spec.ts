import { beforeEach, describe, expect, it } from '@jest/globals';
import type { FastifyRequest } from 'fastify';

import type { RequestObserver } from '#platform';

import { BusyNetworks } from './busy-networks.ts';

let follower: Parameters<RequestObserver['follow']>[0];
let networks: BusyNetworks;

beforeEach(() => {
  networks = new BusyNetworks({
    follow: (one: typeof follower) => void (follower = one),
  } as unknown as RequestObserver);
  networks.onModuleInit();
  networks.onModuleDestroy();
});

function ask(ip: string, times: number, url = '/desafio'): void {
  for (let time = 0; time < times; time++) follower({ ip, routeOptions: { url } } as FastifyRequest, undefined);
}

describe('the busy networks', () => {
  it('are those with more than ten times the allowance of a client, or of a network, the worst first', () => {
    ask('198.51.100.7', 220);
    ask('198.51.100.8', 440);
    ask('2001:db8:1:2::3', 200);
    ask('2001:db8:1:2::4', 21);
    for (let host = 0; host < 100; host++) ask(`203.0.113.${host}`, 121);
    ask('192.0.2.1', 5000, '/paredao');
    expect(networks.lastMinute()).toEqual([]);
    networks.turn();
    expect(networks.lastMinute()).toEqual([
      { rede: '198.51.100.8/32', pedidos: 440, vezes: 20 },
      { rede: '2001:db8:1:2::/64', pedidos: 221, vezes: 10 },
      { rede: '203.0.113.0/24', pedidos: 12_100, vezes: 10 },
    ]);
  });

  it('are forgotten after a minute', () => {
    ask('198.51.100.8', 440);
    networks.turn();
    networks.turn();
    expect(networks.lastMinute()).toEqual([]);
  });

  it('are at most a hundred, and what is counted has a bound', () => {
    for (let host = 0; host < 200; host++) ask(`203.0.113.${host}`, 221);
    for (let host = 0; host < 100_000; host++) ask(`10.${host >> 16}.${(host >> 8) & 255}.${host & 255}`, 1);
    ask('198.51.100.8', 440);
    networks.turn();
    expect(networks.lastMinute()).toHaveLength(100);
    expect(networks.lastMinute().some(({ rede }) => rede.startsWith('198.'))).toBe(false);
  });
});
