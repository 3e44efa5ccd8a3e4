import rateLimit, { type FastifyRateLimitStore } from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isIPv6 } from 'node:net';

import type { Environment } from '../environment.ts';
import { ProblemError } from '../problems.ts';
import { addressOf } from './client-address.ts';
import { routeConfig } from './route-config.ts';

const WINDOW_MS = 10_000;
/** Clients that are told apart in a window; when more come, it is over early. */
const MAX_CLIENTS = 200_000;
const IPV6_NETWORK_GROUPS = 4;

/** Limits how often a client may call the routes that are marked with `RateLimited`. */
export async function registerRateLimit(fastify: FastifyInstance, { rateLimit: max }: Environment): Promise<void> {
  const silent = { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false };
  await fastify.register(rateLimit, {
    global: false,
    max,
    timeWindow: WINDOW_MS,
    store: WindowStore,
    keyGenerator: clientOf,
    addHeaders: { ...silent, 'retry-after': true },
    addHeadersOnExceeding: silent,
    errorResponseBuilder: (_request, { ttl }) =>
      new ProblemError('too-many-requests', undefined, Math.max(1, Math.ceil(ttl / 1000))),
  });
}

/**
 * The requests of each client in the present window, which is the same for all: a number a client, where the library's own
 * store keeps an object with a place in a list, and every vote of somebody new pays for that.
 */
class WindowStore implements FastifyRateLimitStore {
  private requests = new Map<string, number>();
  /** On the clock of `performance.now()`, ms: a window never lasts longer because a clock is set. */
  private endsAt = 0;

  incr(client: string, callback: Parameters<FastifyRateLimitStore['incr']>[1], timeWindow = WINDOW_MS): void {
    const now = performance.now();
    if (now >= this.endsAt || this.requests.size >= MAX_CLIENTS) {
      this.requests = new Map();
      this.endsAt = now + timeWindow;
    }
    const current = (this.requests.get(client) ?? 0) + 1;
    this.requests.set(client, current);
    callback(null, { current, ttl: this.endsAt - now });
  }

  /** Each route has a store of its own. */
  child(): WindowStore {
    return new WindowStore();
  }
}

/** The route counts towards its clients' limit; each route has a count of its own. */
export const RateLimited = (): MethodDecorator => routeConfig({ rateLimit: {} });

/**
 * The network around a client: the /24 of an IPv4 address, the /48 of an IPv6 network.
 * @param client as `clientOf` names it
 */
export function networkOf(client: string): string {
  const end = Math.max(client.lastIndexOf('.'), client.lastIndexOf(':'));
  return end < 0 ? client : client.slice(0, end);
}

/** An IPv4 address, or the /64 network of an IPv6 address: a household has a whole one. */
export function clientOf({ ip }: Pick<FastifyRequest, 'ip'>): string {
  const address = addressOf(ip) ?? ip;
  // the pattern behind `isIPv6` is dear, and most addresses have no colon
  if (!address.includes(':') || !isIPv6(address)) return address;
  const [head = '', tail] = address.split('::', 2);
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
  const groups = [...left, ...new Array<string>(zeros).fill('0'), ...right];
  return groups.slice(0, IPV6_NETWORK_GROUPS).join(':');
}
