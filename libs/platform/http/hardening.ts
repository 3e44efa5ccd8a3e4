import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import type { Environment } from '../environment.ts';
import { ProblemError } from '../problems.ts';
import { routeConfig } from './route-config.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    ownPagesOnly?: boolean;
  }
}

/**
 * On every answer, refusals included: no sniffing of types, no framing, no loading, no referrer.
 * Pages and photos have a policy of their own; the page of the API description brings scripts and styles.
 */
export const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
};
const DESCRIPTION_POLICY =
  "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";

const PREFLIGHT_HEADERS = {
  'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE',
  'access-control-allow-headers': 'authorization, content-type, passe',
  'access-control-max-age': '600',
};

/**
 * For GET routes that raise the price of the client's address: a page of another site must not be able to call them with an image.
 */
export const OwnPagesOnly = (): MethodDecorator => routeConfig({ ownPagesOnly: true });

/**
 * Adds the security headers, the refusal of what pages of other origins send in their visitors' name, and CORS (WHATWG
 * Fetch, 3.3) for the origins that the environment names: none by default.
 */
export function harden(fastify: FastifyInstance, { corsOrigins }: Environment): void {
  const origins = new Set(corsOrigins?.split(',').map((origin) => origin.trim()));
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.headers(SECURITY_HEADERS);
    if (request.url.startsWith('/swagger')) void reply.header('content-security-policy', DESCRIPTION_POLICY);
    if (origins.size > 0 && allowOrigin(origins, request, reply)) return void reply.code(204).send();
    const isGuarded = !isReading(request.method) || request.routeOptions.config.ownPagesOnly === true;
    done(isGuarded && isForeign(request, origins) ? new ProblemError('cross-site-request') : undefined);
  });
}

/** Methods that change nothing (RFC 9110, 9.2.1). */
export const isReading = (method: string): boolean => method === 'GET' || method === 'HEAD' || method === 'OPTIONS';

/**
 * Whether a page of another origin sent it: on HTTPS, and on the machine itself, browsers say so (W3C Fetch Metadata),
 * and another port of the same host is another origin; else `Origin` does. Clients that are no browsers say nothing.
 */
function isForeign({ headers, host }: FastifyRequest, origins: ReadonlySet<string>): boolean {
  const { origin, 'sec-fetch-site': site } = headers;
  if (origins.has(origin ?? '')) return false;
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  return origin !== undefined && !isOriginOf(host, origin);
}

/** Behind a proxy that ends TLS the scheme is unknown here, so the scheme of the origin is assumed. */
function isOriginOf(host: string, origin: string): boolean {
  const url = URL.parse(origin);
  return url !== null && URL.parse(`${url.protocol}//${host}`)?.host === url.host;
}

/** @returns whether this was only a browser's question, and is answered */
function allowOrigin(origins: ReadonlySet<string>, { headers, method }: FastifyRequest, reply: FastifyReply): boolean {
  void reply.header('vary', 'origin');
  const { origin } = headers;
  if (origin === undefined || !origins.has(origin)) return false;
  void reply.headers({ 'access-control-allow-origin': origin, 'access-control-expose-headers': 'retry-after' });
  const isPreflight = method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
  if (isPreflight) void reply.headers(PREFLIGHT_HEADERS);
  return isPreflight;
}
