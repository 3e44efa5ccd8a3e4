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
