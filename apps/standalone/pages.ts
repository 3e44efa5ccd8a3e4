import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { existsSync } from 'node:fs';
import type { OutgoingHttpHeaders } from 'node:http';

import { CAPTCHA_PROVIDERS } from '#human-check';
import type { Environment } from '#platform';

import { PageFile } from './page-files.ts';

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

/** What stands in the head of a page about the poll that its address names. */
export type HeadOf = (page: string, request: FastifyRequest) => string;

/** Serves the built pages from memory. */
export function servePages(
  fastify: FastifyInstance,
  directory: string,
  environment: Environment,
  headOf: HeadOf,
): void {
  if (!existsSync(directory)) throw new Error(`the pages are not built: ${directory} is missing (npm run build)`);
  const policy = { 'content-security-policy': contentSecurityPolicy(environment) };
  for (const file of PageFile.in(directory, { ...policy, ...PAGE_HEADERS })) {
    const page = file.headOf;
    const fileFor = page === undefined ? () => file : (request: FastifyRequest) => file.withHead(headOf(page, request));
    serve(fastify, file.path, fileFor);
    if (file.path === '/index.html') serve(fastify, '/', fileFor);
  }
}

function serve(fastify: FastifyInstance, url: string, fileFor: (request: FastifyRequest) => PageFile): void {
  const handler = (request: FastifyRequest, reply: FastifyReply): void => {
    const file = fileFor(request);
    const { body, headers } = file.for(request.headers['accept-encoding']);
    // what is sent was made at the start: nothing of it needs to go through Fastify
    const response = reply.hijack().raw;
    const all = { ...reply.getHeaders(), ...headers } as OutgoingHttpHeaders;
    if (request.headers['if-none-match']?.includes(file.etag) === true) response.writeHead(304, all).end();
    else response.writeHead(200, all).end(request.method === 'HEAD' ? undefined : body);
  };
  // every file is a route of its own; metrics and the log take them for one
  fastify.route({ method: ['GET', 'HEAD'], url, config: { label: 'páginas' }, handler });
}
