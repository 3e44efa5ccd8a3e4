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
 * On every answer, refusals too: it is what it says it is, shows itself in no frame, loads nothing, and tells nobody where the reader came from.
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
  'access-control-allow-methods': 'GET, POST, PUT, PATCH',
  'access-control-allow-headers': 'authorization, content-type',
  'access-control-max-age': '600',
};

/**
 * What a request to this route costs, its address pays: a page of another site must not make its visitors pay with an image.
 * Browsers say where a request comes from (W3C Fetch Metadata), on HTTPS and on the machine itself; other clients say nothing.
 */
export const OwnPagesOnly = (): MethodDecorator => routeConfig({ ownPagesOnly: true });

/** Adds the security headers, the refusal of requests from other sites, and CORS (WHATWG Fetch, 3.3) for the origins that the environment names: none by default. */
export function harden(fastify: FastifyInstance, { corsOrigins }: Environment): void {
  const origins = new Set(corsOrigins?.split(',').map((origin) => origin.trim()));
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.headers(SECURITY_HEADERS);
    if (request.url.startsWith('/swagger')) void reply.header('content-security-policy', DESCRIPTION_POLICY);
    if (origins.size > 0 && allowOrigin(origins, request, reply)) return void reply.code(204).send();
    done(isForeign(origins, request) ? new ProblemError('cross-site-request') : undefined);
  });
}

const isForeign = (origins: ReadonlySet<string>, { headers, routeOptions }: FastifyRequest): boolean =>
  routeOptions.config.ownPagesOnly === true &&
  headers['sec-fetch-site'] === 'cross-site' &&
  !origins.has(headers.origin ?? '');

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
