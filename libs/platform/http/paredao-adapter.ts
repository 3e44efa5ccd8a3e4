import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';

import type { ProblemCode } from '#contract';

import { type Environment } from '../environment.ts';
import { ProblemError, codeOf, problemOf, retryAfterOf } from '../problems.ts';
import { forwardedClient } from './client-address.ts';
import { SECURITY_HEADERS, isReading } from './hardening.ts';
import { requestIds } from './request-id.ts';
import { trustedProxies } from './trusted-proxies.ts';

const BODY_LIMIT_BYTES = 16_384;
const MAX_PARAM_LENGTH = 64;
const REQUEST_TIMEOUT_MS = 15_000;
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
/** Against clients that send a byte now and then: how long headers may take, and how often that is looked at (Node: every 30 s). */
const SLOW_CLIENTS = { headersTimeout: 10_000, connectionsCheckingInterval: 2000, maxHeaderSize: 16_384 };
/**
 * Lengths count UTF-16 units, as they do in the code: counting characters of a solution costs more than checking it. ajv
 * calls that option deprecated, on the terminal of every start, unless it has no logger.
 */
const AJV_OPTIONS = {
  unicode: false,
  coerceTypes: false,
  removeAdditional: false,
  allErrors: false,
  logger: false,
} as const;
const METHODS = ['GET', 'HEAD', 'POST', 'PATCH', 'PUT', 'DELETE'] as const;

/**
 * Fastify as this service wants it: strict JSON schemas without coercion, every failure as a problem (RFC 9457), and
 * forwarded addresses believed only from the proxies that were named.
 */
export class ParedaoAdapter extends FastifyAdapter {
  constructor(environment: Environment) {
    const proxies = environment.trustedProxies?.split(',').map((proxy) => proxy.trim()) ?? [];
    const isTrusted = proxies.length > 0 ? trustedProxies(proxies) : undefined;
    super({
      trustProxy: isTrusted ?? false,
      bodyLimit: BODY_LIMIT_BYTES,
      requestTimeout: REQUEST_TIMEOUT_MS,
      http: SLOW_CLIENTS,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
      forceCloseConnections: 'idle',
      return503OnClosing: false,
      routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
      genReqId: requestIds(isTrusted),
      ajv: { customOptions: AJV_OPTIONS },
      frameworkErrors: (error: FastifyError, _request: FastifyRequest, reply: FastifyReply) => {
        // no hook runs for a URL that cannot be read
        void sendProblem(reply.headers(SECURITY_HEADERS), error);
      },
      clientErrorHandler: refuseUnreadable,
      skipMiddie: true,
      logger: false,
    });
    if (isTrusted !== undefined) this.believe(isTrusted);
  }

  /** Before anything else leaves of `X-Forwarded-For` the one address that counts: `request.ip` is that for everybody. */
  private believe(isTrusted: (address: string) => boolean): void {
    this.getInstance().addHook('onRequest', ({ raw }, _reply, done) => {
      const client = forwardedClient(raw, isTrusted);
      if (client === undefined) delete raw.headers['x-forwarded-for'];
      else raw.headers['x-forwarded-for'] = client;
      done();
    });
  }

  /**
   * JSON, read by Fastify itself, is the only kind of body: the kinds that a form of another site could send (text, form
   * fields) are refused with 415.
   */
  override registerParserMiddleware(): void {
    this.getInstance().removeContentTypeParser('text/plain');
  }

  /** Replaces Nest's handler for what fails outside of its routes: bodies that do not parse, schemas that do not fit. */
  override setErrorHandler(): FastifyInstance {
    return this.getInstance().setErrorHandler((error, _request, reply) => sendProblem(reply, error));
  }

  override setNotFoundHandler(): FastifyInstance {
    const instance = this.getInstance();
    return instance.setNotFoundHandler((request: FastifyRequest, reply: FastifyReply) => {
      const path = request.url.split('?', 1)[0] ?? '/';
      const allowed = METHODS.filter((method) => Boolean(instance.findRoute({ method, url: path })));
      const isTaken = allowed.some((method) => method === request.method);
      if (allowed.length === 0 || isTaken) return sendProblem(reply, new ProblemError('not-found'));
      void reply.header('allow', allowed.join(', '));
      return sendProblem(reply, new ProblemError('method-not-allowed'));
    });
  }
}

/** Answers a request with the problem that an error stands for. Stack traces go to the log, never into the answer. */
export function sendProblem(reply: FastifyReply, error: unknown): FastifyReply {
  const code = codeOf(error);
  const problem = problemOf(code, detailOf(error, code));
  reply.problem = code;
  if (problem.status === 500) reply.fault = error instanceof Error ? error : new Error(String(error));
  const retryAfter = (error instanceof ProblemError ? error.retryAfterSeconds : undefined) ?? retryAfterOf(code);
  if (retryAfter !== undefined) void reply.header('retry-after', String(retryAfter));
  if (problem.status === 401) void reply.header('www-authenticate', authenticationSchemes(reply.request));
  void reply.header('cache-control', 'no-store');
  // Fastify closes with the rest of the body unread. That resets the connection, and the refusal is lost on its way. Without it Node
  // reads the rest and throws it away, until the request times out.
  if (problem.status === 413) void reply.removeHeader('connection');
  return reply.code(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}

const RAW_HEADERS = Object.entries(SECURITY_HEADERS)
  .map(([name, value]) => `${name}: ${value}\r\n`)
  .join('');

/** Answers what is not even HTTP, or takes too long to arrive: there is no request yet, only a socket. */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code !== 'ECONNRESET' && socket.writable) {
    const problem = problemOf(UNREADABLE[error.code ?? ''] ?? 'malformed-request');
    const body = JSON.stringify(problem);
    socket.write(
      `HTTP/1.1 ${String(problem.status)} ${STATUS_CODES[problem.status] ?? ''}\r\nconnection: close\r\n` +
        `${RAW_HEADERS}content-type: application/problem+json; charset=utf-8\r\ncontent-length: ${String(Buffer.byteLength(body))}\r\n\r\n${body}`,
    );
  }
  socket.destroy(error);
}

const UNREADABLE: Record<string, ProblemCode> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
  HPE_HEADER_OVERFLOW: 'headers-too-large',
};

/**
 * A page that logs in with a form must not make the browser ask for a password of its own: it is not offered Basic, which
 * is for reading anyway.
 */
function authenticationSchemes({ headers, method }: FastifyRequest): string {
  const bearer = 'Bearer realm="paredao"';
  const usesForm = !isReading(method) || /^bearer /i.test(headers.authorization ?? '');
  return usesForm ? bearer : `Basic realm="paredao", charset="UTF-8", ${bearer}`;
}

/** What a client can act on: schema violations and messages of our own refusals; nothing from inside. */
function detailOf(error: unknown, code: ProblemCode): string | undefined {
  if (error instanceof ProblemError) return error.detail;
  if (code === 'malformed-request' && error instanceof Error) return error.message;
  return undefined;
}
