import type { FastifyReply } from 'fastify';

/** Says that the answer depends on a header of the request, besides those that it depends on already (RFC 9110, 12.5.5). */
export function varyBy(reply: FastifyReply, header: string): void {
  const before = reply.getHeader('vary');
  void reply.header('vary', before === undefined ? header : `${String(before)}, ${header}`);
}
