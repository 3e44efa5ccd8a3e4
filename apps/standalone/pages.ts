import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { existsSync } from 'node:fs';

const YEAR_SECONDS = 31_536_000;

/** Everything from this origin, nothing framed, no plugins; the human check is solved in a worker of our own. */
const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; img-src 'self' data:",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
};

/** Serves the built pages. Files below `assets/` carry a hash in their names and may be cached for ever. */
export async function servePages(fastify: FastifyInstance, directory: string): Promise<void> {
  if (!existsSync(directory)) throw new Error(`the pages are not built: ${directory} is missing (npm run build)`);
  await fastify.register(fastifyStatic, {
    root: directory,
    wildcard: false,
    preCompressed: true,
    cacheControl: false,
    setHeaders: (reply, path) => {
      const hashed = /[\\/]assets[\\/]/.test(path);
      void reply.header('cache-control', hashed ? `public, max-age=${String(YEAR_SECONDS)}, immutable` : 'no-cache');
      for (const [name, value] of Object.entries(SECURITY_HEADERS)) void reply.header(name, value);
    },
  });
}
