import type { FastifyInstance } from 'fastify';

import { routeConfig } from './route-config.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    bodyLimit?: number;
  }
}

export const PHOTO_TYPES = ['image/png', 'image/jpeg', 'image/webp'];

/** The route takes larger bodies than others do, bytes. */
export const BodyLimit = (bodyLimit: number): MethodDecorator => routeConfig({ bodyLimit });

/**
 * JSON as Fastify reads it, but that no body at all is none: clients that call everything JSON send `encerrar` with the type
 * and nothing in it. A route that needs a body has a schema, which says that it is missing.
 */
export function acceptEmptyJson(fastify: FastifyInstance): void {
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeContentTypeParser('application/json');
  fastify.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else void parse(request, body, done);
  });
}

/** Photos come as they are; the other routes keep their small limit for them too. */
export function acceptPhotos(fastify: FastifyInstance): void {
  fastify.addContentTypeParser(PHOTO_TYPES, { parseAs: 'buffer' }, (_request, body, done) => {
    done(null, body);
  });
  fastify.addHook('onRoute', (route) => {
    const limit = route.config?.bodyLimit;
    if (limit !== undefined) route.bodyLimit = limit;
  });
}
