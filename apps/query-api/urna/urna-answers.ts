import type { FastifyReply } from 'fastify';

import type { ProblemCode } from '#contract';

import type { Admitted } from './urna-access.ts';

/** What never changes, and what does. */
const CACHING = { forEver: 'public, max-age=31536000, immutable', seconds: 'public, max-age=5' };
/** What is not public is kept by nobody. */
const PRIVATE = 'private, no-store';

/** Says of an answer what it is, and who may keep it. */
export function describe(
  reply: FastifyReply,
  { isPublic }: Pick<Admitted, 'isPublic'>,
  kept: keyof typeof CACHING,
  type: string,
): void {
  void reply.headers({ 'cache-control': isPublic ? CACHING[kept] : PRIVATE, 'content-type': type });
}

export const PLAIN = 'text/plain; charset=utf-8';

/** For the description of the API. */
export const WHEN =
  'Public with the result: once it is proclaimed or the poll annulled, 72 hours after the closing at the latest. Until then for auditors only; for everybody else it is as if there was no such poll.';

/** How every route of a ballot box may be refused. */
export const REFUSED = [
  ...(['malformed-request', 'unauthenticated', 'invalid-credentials', 'forbidden', 'too-many-requests'] as const),
  ...(['urna-not-found', 'urna-of-earlier-version', 'urna-foreign', 'uri-too-long'] as const),
  ...(['urna-not-sealed', 'log-unavailable', 'read-model-unavailable'] as const),
] as const satisfies readonly ProblemCode[];
