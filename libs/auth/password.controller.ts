import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { RouteSchema } from '@nestjs/platform-fastify';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { PinoLogger } from 'nestjs-pino';

import { ApiProblems, clientOf } from '#platform';

import { Authenticator } from './authenticator.ts';
import { LoginView, loginView } from './login.view.ts';
import { RequiresRole } from './roles.guard.ts';
import { ROLES } from './users.ts';

interface PasswordBody {
  readonly senhaAtual: string;
  readonly senhaNova: string;
}

/** Long rather than intricate (NIST SP 800-63B); the longest is what a hash may take. */
const PASSWORD_SCHEMA = {
  type: 'object',
  required: ['senhaAtual', 'senhaNova'],
  additionalProperties: false,
  properties: {
    senhaAtual: { type: 'string', minLength: 1, maxLength: 200, format: 'password' },
    senhaNova: { type: 'string', minLength: 12, maxLength: 200, format: 'password' },
  },
};

/** Everybody with a login changes the own password, and nobody another's. */
@ApiTags('login')
@Controller('senha')
export class PasswordController {
  constructor(
    private readonly authenticator: Authenticator,
    private readonly logger: PinoLogger,
  ) {
    logger.setContext('auth');
  }

  @Post()
  @HttpCode(200)
  @RequiresRole(...ROLES)
  @RouteSchema({ body: PASSWORD_SCHEMA })
  @ApiOperation({ summary: 'Change the own password; every token from before ends, and a new one comes back' })
  @ApiBody({ schema: PASSWORD_SCHEMA })
  @ApiOkResponse({ type: LoginView })
  @ApiProblems(
    'malformed-request',
    'cross-site-request',
    'users-read-only',
    'users-not-stored',
    'payload-too-large',
    'unsupported-media-type',
  )
  async change(@Body() { senhaAtual, senhaNova }: PasswordBody, @Req() request: FastifyRequest): Promise<LoginView> {
    const { name } = request.principal!;
    const principal = await this.authenticator.changePassword(name, senhaAtual, senhaNova, clientOf(request));
    this.logger.info({ by: name }, 'password changed');
    return loginView(principal, await this.authenticator.issueToken(principal));
  }
}
