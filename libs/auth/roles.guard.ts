import { type CanActivate, type ExecutionContext, Injectable, UseGuards, applyDecorators } from '@nestjs/common';
import { ApiBasicAuth, ApiBearerAuth } from '@nestjs/swagger';
import type { FastifyInstance, FastifyRequest } from 'fastify';

import type { Role } from '#contract';
import { ApiProblems, ProblemError, clientOf, isReading, routeConfig } from '#platform';

import type { Authenticator, Principal } from './authenticator.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who is asking; set on routes that need a role. */
    principal?: Principal;
  }
  interface FastifyContextConfig {
    roles?: readonly Role[];
  }
}

/**
 * Admits a request to a route that needs a role if its Bearer token or Basic credentials belong to a user with one of
 * them. This happens after the rate limit and before the body is read, so strangers cannot fill memory with bodies.
 */
export function admitByRole(fastify: FastifyInstance, authenticator: Authenticator): void {
  fastify.addHook('onRoute', (route) => {
    const roles = route.config?.roles;
    if (roles === undefined) return;
    const admit = async (request: FastifyRequest): Promise<void> => {
      request.principal = await principalOf(request, roles, authenticator);
    };
    route.onRequest = [route.onRequest ?? [], admit].flat();
  });
}

/** What says who is asking. */
type Asking = Pick<FastifyRequest, 'headers' | 'ip' | 'method'>;

/** @throws ProblemError */
export async function principalOf(
  request: Asking,
  roles: readonly Role[],
  authenticator: Authenticator,
): Promise<Principal> {
  const principal = await authenticate(request, authenticator);
  if (!roles.includes(principal.role)) throw new ProblemError('forbidden');
  return principal;
}

/**
 * Basic is for reading. Once a browser has a password, it adds it to every request, also to those that other pages cause.
 * It adds no token by itself.
 */
function authenticate(request: Asking, authenticator: Authenticator): Promise<Principal> {
  const [scheme = '', value = ''] = (request.headers.authorization ?? '').split(' ', 2);
  if (scheme.toLowerCase() === 'bearer') return authenticator.checkToken(value);
  if (scheme.toLowerCase() !== 'basic') throw new ProblemError('unauthenticated');
  if (!isReading(request.method)) throw new ProblemError('unauthenticated', BASIC_IS_FOR_READING);
  const text = Buffer.from(value, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 0) throw new ProblemError('unauthenticated');
  return authenticator.checkPassword(text.slice(0, colon), text.slice(colon + 1), clientOf(request));
}

const BASIC_IS_FOR_READING = 'HTTP Basic is for reading only: POST /login gives a token for everything else';

/** A second lock: without a principal no request reaches such a route, even if the hook was not installed. */
@Injectable()
class RolesGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    if (context.switchToHttp().getRequest<FastifyRequest>().principal !== undefined) return true;
    throw new ProblemError('unauthenticated');
  }
}

/** The route needs a user with one of these roles. */
export function RequiresRole(...roles: Role[]): MethodDecorator {
  return applyDecorators(
    routeConfig({ roles }),
    UseGuards(RolesGuard),
    ApiBearerAuth(),
    ApiBasicAuth(),
    ApiProblems('unauthenticated', 'invalid-credentials', 'forbidden', 'too-many-requests'),
  );
}
