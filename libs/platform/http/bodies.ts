import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isUtf8 } from 'node:buffer';

import { ProblemError } from '../problems.ts';
import { routeConfig } from './route-config.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    bodyLimit?: number;
  }
}

/** The route takes larger bodies than others do, bytes. */
export const BodyLimit = (bodyLimit: number): MethodDecorator => routeConfig({ bodyLimit });

/** Nobody unpacks a body here, and JSON is UTF-8 whatever a header says: what says otherwise is another kind of body. */
const OTHER_CHARSET = /;\s*charset\s*=\s*(?!"?utf-8"?\s*(?:;|$))/i;

function refuseEncoded({ headers }: FastifyRequest): void {
  const { 'content-encoding': coding = 'identity', 'content-type': type = '' } = headers;
  if (coding.toLowerCase() !== 'identity' || OTHER_CHARSET.test(type)) throw new ProblemError('unsupported-media-type');
}

/**
 * JSON as Fastify reads it, but in UTF-8 or not at all: what cannot be read would become U+FFFD in a name. No body at all is none:
 * clients that call everything JSON send `encerrar` with the type and nothing in it. A route that needs a body has a schema, which
 * says that it is missing.
 */
export function acceptJson(fastify: FastifyInstance): void {
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeContentTypeParser('application/json');
  fastify.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    refuseEncoded(request);
    if (body.length === 0) done(null, undefined);
    else if (isUtf8(body)) void parse(request, body.toString(), done);
    else done(new ProblemError('malformed-request', 'the body is not UTF-8'));
  });
}

/** Files of these media types come as they are, in a `Buffer`. */
export function acceptFiles(fastify: FastifyInstance, types: string[]): void {
  fastify.addContentTypeParser(types, { parseAs: 'buffer' }, (request, body, done) => {
    refuseEncoded(request);
    done(null, body);
  });
}

/** Routes with `@BodyLimit` have it; the others keep the small limit of the service. */
export function limitBodies(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    const limit = route.config?.bodyLimit;
    if (limit !== undefined) route.bodyLimit = limit;
  });
}
