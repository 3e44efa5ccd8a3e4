import {
  type CanActivate,
  type ExecutionContext,
  Injectable,
  SetMetadata,
  UseGuards,
  applyDecorators,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiBasicAuth, ApiBearerAuth } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';

import { ProblemError } from '../problems.ts';
import { ApiProblems } from '../http/openapi.ts';
import { clientOf } from '../http/rate-limit.ts';
import { Authenticator, type Principal } from './authenticator.ts';
import type { Role } from './users.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who is asking; set on routes that need a role. */
    principal?: Principal;
  }
}

const ROLES_KEY = 'roles';

/** Lets a request through when its Bearer token or Basic credentials belong to a user with one of the route's roles. */
@Injectable()
export class RolesGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const roles = this.reflector.get<Role[]>(ROLES_KEY, context.getHandler());
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const principal = await this.authenticate(request);
    if (!roles.includes(principal.role)) throw new ProblemError('forbidden');
    request.principal = principal;
    return true;
  }

  private authenticate(request: FastifyRequest): Promise<Principal> {
    const [scheme = '', value = ''] = (request.headers.authorization ?? '').split(' ', 2);
    if (scheme.toLowerCase() === 'bearer') return this.authenticator.checkToken(value);
    if (scheme.toLowerCase() !== 'basic') throw new ProblemError('unauthenticated');
    const text = Buffer.from(value, 'base64').toString('utf8');
    const colon = text.indexOf(':');
    if (colon < 0) throw new ProblemError('unauthenticated');
    return this.authenticator.checkPassword(text.slice(0, colon), text.slice(colon + 1), clientOf(request));
  }
}

/** The route needs a user with one of these roles. */
export function RequiresRole(...roles: Role[]): MethodDecorator {
  return applyDecorators(
    SetMetadata(ROLES_KEY, roles),
    UseGuards(RolesGuard),
    ApiBearerAuth(),
    ApiBasicAuth(),
    ApiProblems('unauthenticated', 'invalid-credentials', 'forbidden', 'too-many-requests'),
  );
}
