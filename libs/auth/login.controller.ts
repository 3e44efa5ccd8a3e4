import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { RouteSchema } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';

import { ApiProblems, RateLimited, clientOf } from '#platform';

import { Authenticator } from './authenticator.ts';
import { LoginView, loginView } from './login.view.ts';

interface LoginBody {
  readonly usuario: string;
  readonly senha: string;
}

const LOGIN_SCHEMA = {
  type: 'object',
  required: ['usuario', 'senha'],
  additionalProperties: false,
  properties: {
    usuario: { type: 'string', minLength: 1, maxLength: 100 },
    senha: { type: 'string', minLength: 1, maxLength: 200, format: 'password' },
  },
};

@ApiTags('login')
@Controller('login')
export class LoginController {
  constructor(private readonly authenticator: Authenticator) {}

  @Post()
  @HttpCode(200)
  @RateLimited()
  @RouteSchema({ body: LOGIN_SCHEMA })
  @ApiOperation({ summary: 'Exchange a user and password for a token' })
  @ApiBody({ schema: LOGIN_SCHEMA })
  @ApiOkResponse({ type: LoginView })
  @ApiProblems(
    'malformed-request',
    'invalid-credentials',
    'cross-site-request',
    'payload-too-large',
    'unsupported-media-type',
    'too-many-requests',
  )
  async login(@Body() { usuario, senha }: LoginBody, @Req() request: FastifyRequest): Promise<LoginView> {
    const principal = await this.authenticator.checkPassword(usuario, senha, clientOf(request));
    return loginView(principal, await this.authenticator.issueToken(principal));
  }
}
