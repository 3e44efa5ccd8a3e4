import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';

import { Login, LoginBody, ROLES } from '#contract';
import { Answers, ApiProblems, RateLimited, Takes, clientOf } from '#platform';

import { Authenticator } from './authenticator.ts';
import { loginView } from './login-view.ts';
import { RequiresRole } from './roles.guard.ts';

@ApiTags('login')
@Controller('login')
export class LoginController {
  constructor(private readonly authenticator: Authenticator) {}

  @Post()
  @HttpCode(200)
  @RateLimited()
  @Takes({ body: LoginBody })
  @ApiOperation({ summary: 'Exchange a user and password for a token' })
  @Answers('A token that is good until `expira_em`', Login)
  @ApiProblems(
    'malformed-request',
    'invalid-credentials',
    'cross-site-request',
    'payload-too-large',
    'unsupported-media-type',
    'too-many-requests',
  )
  async login(@Body() { usuario, senha }: LoginBody, @Req() request: FastifyRequest): Promise<Login> {
    const principal = await this.authenticator.checkPassword(usuario, senha, clientOf(request));
    return loginView(principal, await this.authenticator.issueToken(principal));
  }

  @Post('renovar')
  @HttpCode(200)
  @RequiresRole(...ROLES)
  @ApiOperation({
    summary: 'Exchange a token for a later one, until 24 h after the login: for screens, and for who is at work',
  })
  @Answers('A token that is good until `expira_em`', Login)
  @ApiProblems('cross-site-request')
  async renew(@Req() request: FastifyRequest): Promise<Login> {
    const token = request.headers.authorization?.split(' ', 2)[1] ?? '';
    const { principal, ...issued } = await this.authenticator.renewToken(token);
    return loginView(principal, issued);
  }
}
