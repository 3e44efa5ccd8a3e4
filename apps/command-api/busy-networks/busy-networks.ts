import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

import type { BusyNetwork } from '#contract';
import { CLIENT_ALLOWANCE, NETWORK_ALLOWANCE } from '#human-check';
import { RequestObserver, clientOf, networkOf } from '#platform';

const MINUTE_MS = 60_000;
/** So many times the allowance is worth a look. */
const FACTOR = 10;
/** Clients, and networks, that are counted in a minute; further ones are not. */
const MOST = 100_000;
/** Shown, the worst first. */
const SHOWN = 100;
const ROUTE = '/desafio';

/**
 * Who asks for more than ten times the allowance: single clients (an IPv4 address, an IPv6 /64) and their networks (/24, /48), each by
 * its own. It is of the last whole minute, in memory, and nowhere else: no line and no metric has it.
 */
@Injectable()
export class BusyNetworks implements OnModuleInit, OnModuleDestroy {
  private clients = new Map<string, number>();
  private networks = new Map<string, number>();
  private shown: BusyNetwork[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly observer: RequestObserver) {}

  onModuleInit(): void {
    this.observer.follow((request) => this.count(request));
    this.timer = setInterval(() => this.turn(), MINUTE_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** Of the last whole minute, the worst first. */
  lastMinute(): BusyNetwork[] {
    return this.shown;
  }

  /** Ends the minute. */
  turn(): void {
    const busy = [
      ...over(this.clients, CLIENT_ALLOWANCE, (client) => (isIpv4(client) ? `${client}/32` : `${client}::/64`)),
      ...over(this.networks, NETWORK_ALLOWANCE, (network) => (isIpv4(network) ? `${network}.0/24` : `${network}::/48`)),
    ];
    this.shown = busy.sort((one, other) => other.vezes - one.vezes).slice(0, SHOWN);
    this.clients = new Map();
    this.networks = new Map();
  }

  private count(request: FastifyRequest): void {
    if (request.routeOptions.url !== ROUTE) return;
    const client = clientOf(request);
    increment(this.clients, client);
    increment(this.networks, networkOf(client));
  }
}

const isIpv4 = (network: string): boolean => network.includes('.');

function increment(counts: Map<string, number>, key: string): void {
  const count = counts.get(key);
  if (count !== undefined || counts.size < MOST) counts.set(key, (count ?? 0) + 1);
}

const over = (counts: ReadonlyMap<string, number>, allowance: number, cidr: (key: string) => string): BusyNetwork[] =>
  [...counts]
    .filter(([, count]) => count > FACTOR * allowance)
    .map(([key, count]) => ({ rede: cidr(key), pedidos: count, vezes: Math.round(count / allowance) }));
