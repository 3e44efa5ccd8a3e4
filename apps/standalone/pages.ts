import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { existsSync } from 'node:fs';

import { CAPTCHA_PROVIDERS } from '#human-check';
import type { Environment } from '#platform';

const YEAR_SECONDS = 31_536_000;

/** Everything from this origin, nothing framed, no plugins; the human check is solved in a worker of our own. */
const CONTENT_SECURITY_POLICY =
  "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; img-src 'self' data:";

/** Beside those that every answer has. */
const PAGE_HEADERS = {
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
};

/** What the widget of the configured provider loads, and nothing else, is allowed in addition. */
function contentSecurityPolicy({ captchaProvider, captchaScriptUrl }: Environment): string {
  if (captchaProvider === undefined) return CONTENT_SECURITY_POLICY;
  const { sources } = CAPTCHA_PROVIDERS[captchaProvider];
  const scripts = captchaScriptUrl === undefined ? '' : ` ${new URL(captchaScriptUrl).origin}`;
  const directives = Object.entries(sources).map(
    ([directive, hosts]) => `; ${directive} 'self' ${hosts}${directive === 'script-src' ? scripts : ''}`,
  );
  return CONTENT_SECURITY_POLICY + directives.join('');
}

/** Serves the built pages. Files below `assets/` carry a hash in their names and may be cached for ever. */
export async function servePages(fastify: FastifyInstance, directory: string, environment: Environment): Promise<void> {
  if (!existsSync(directory)) throw new Error(`the pages are not built: ${directory} is missing (npm run build)`);
  const headers = { 'content-security-policy': contentSecurityPolicy(environment), ...PAGE_HEADERS };
  await fastify.register(async (pages) => {
    // every file is a route of its own; metrics and the log take them for one
    pages.addHook('onRoute', (route) => {
      route.config = { ...route.config, label: 'páginas' };
    });
    await pages.register(fastifyStatic, {
      root: directory,
      wildcard: false,
      preCompressed: true,
      cacheControl: false,
      setHeaders: (reply, path) => {
        const hashed = /[\\/]assets[\\/]/.test(path);
        void reply.header('cache-control', hashed ? `public, max-age=${String(YEAR_SECONDS)}, immutable` : 'no-cache');
        for (const [name, value] of Object.entries(headers)) void reply.header(name, value);
      },
    });
  });
}
