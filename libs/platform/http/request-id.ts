import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const ACCEPTABLE = /^[\w-]{8,64}$/;

/**
 * Names requests. The name that a trusted proxy gave stays, so that its log and ours can be put side by side; anybody
 * else's is ignored.
 */
export function requestIds(isTrusted?: (address: string) => boolean): (request: IncomingMessage) => string {
  if (isTrusted === undefined) return () => randomUUID();
  return ({ headers, socket }) => {
    const given = headers['x-request-id'];
    const keep = typeof given === 'string' && ACCEPTABLE.test(given) && isTrusted(socket.remoteAddress ?? '');
    return keep ? given : randomUUID();
  };
}
