import { type FastifyInstance, type FastifyReply, fastify } from 'fastify';

import type { Tell } from './tell.ts';
import type { Answer, Witness } from './witness.ts';

/** Bytes of a request: a proof of 63 hashes and a checkpoint with several signatures, those of post-quantum keys too. */
const MAX_BODY_BYTES = 64 * 1024;
/** A request is here whole by then, ms, or its connection is closed. Nobody needs a second of it. */
const REQUEST_LIMIT_MS = 5_000;
const MAX_CONNECTIONS = 200;

/** How a witness is known to those who ask it. */
export interface WitnessAddressed {
  /** Its own verifier key. */
  readonly vkey: string;
  /**
   * In front of every route, `/` and letters. It answers 409 with the size of a log to whoever has any checkpoint of it, as the standard wants, and
   * everybody has one of the zerésima: so only those who know this secret may ask.
   */
  readonly path: string;
}

/**
 * The HTTP server of a witness, plain: `POST /add-checkpoint`, `POST /add-log`, `GET /vkey`, below its path. Everything else is 404. It is
 * not listening yet.
 */
export function witnessServer(witness: Witness, { vkey, path }: WitnessAddressed, tell: Tell): FastifyInstance {
  const server = fastify({
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_LIMIT_MS,
    // Node looks for late requests every half minute unless it is told otherwise
    http: { headersTimeout: REQUEST_LIMIT_MS, connectionsCheckingInterval: 1_000 },
    forceCloseConnections: true,
  });
  server.server.maxConnections = MAX_CONNECTIONS;
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  server.post(`${path}/add-checkpoint`, ({ body }, reply) => send(reply, witness.addCheckpoint(bytesOf(body))));
  server.post(`${path}/add-log`, ({ body }, reply) => send(reply, witness.addLog(bytesOf(body))));
  server.get(`${path}/vkey`, (_request, reply) => reply.type('text/plain; charset=utf-8').send(`${vkey}\n`));
  server.setErrorHandler<Error & { statusCode?: number }>((error, _request, reply) => {
    const { statusCode: status = 500, message } = error;
    if (status >= 500) tell('error', 'a request failed, and nothing was signed', { error: message });
    const body = status >= 500 ? 'this witness cannot answer now' : message;
    return send(reply, { status, type: 'text/plain; charset=utf-8', body: `${body}\n` });
  });
  return server;
}

/** No body at all is an empty one. */
const bytesOf = (body: unknown): Uint8Array => (body instanceof Uint8Array ? body : new Uint8Array());

/** As bytes: to the type of a text the framework would add a character set. */
const send = (reply: FastifyReply, { status, type, body }: Answer): FastifyReply =>
  reply.code(status).header('content-type', type).header('x-content-type-options', 'nosniff').send(Buffer.from(body));
