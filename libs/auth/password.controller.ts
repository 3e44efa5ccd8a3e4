import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { PinoLogger } from 'nestjs-pino';

import { Login, PasswordBody, ROLES } from '#contract';
import { Answers, ApiProblems, Takes, clientOf } from '#platform';

import { Authenticator } from './authenticator.ts';
import { loginView } from './login-view.ts';
import { RequiresRole } from './roles.guard.ts';

/** Every user can change their own password, and no one else's. */
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
  @Takes({ body: PasswordBody })
  @ApiOperation({ summary: 'Change the own password; every token from before ends, and a new one comes back' })
  @Answers('The password is changed; a new token', Login)
  @ApiProblems(
    'malformed-request',
    'cross-site-request',
    'users-read-only',
    'users-not-stored',
    'payload-too-large',
    'unsupported-media-type',
  )
  async change(
    @Body() { senha_atual: before, senha_nova: next }: PasswordBody,
    @Req() request: FastifyRequest,
  ): Promise<Login> {
    const { name } = request.principal!;
    const principal = await this.authenticator.changePassword(name, before, next, clientOf(request));
    this.logger.info({ by: name }, 'password changed');
    return loginView(principal, await this.authenticator.issueToken(principal));
  }
}
