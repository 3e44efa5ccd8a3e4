import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { RouteSchema } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';

import { ApiProblems } from '../http/openapi.ts';
import { RateLimited } from '../http/rate-limit.ts';
import { Authenticator } from './authenticator.ts';
import { ROLES, type Role } from './users.ts';

class LoginBody {
  @ApiProperty({ minLength: 1, maxLength: 100, example: 'producao' }) usuario!: string;
  @ApiProperty({ minLength: 1, maxLength: 200, format: 'password' }) senha!: string;
}

class LoginView {
  @ApiProperty({ description: 'Bearer token' }) token!: string;
  @ApiProperty({ enum: ROLES }) papel!: Role;
  @ApiProperty({ format: 'date-time' }) expiraEm!: string;
}

const LOGIN_SCHEMA = {
  type: 'object',
  required: ['usuario', 'senha'],
  additionalProperties: false,
  properties: {
    usuario: { type: 'string', minLength: 1, maxLength: 100 },
    senha: { type: 'string', minLength: 1, maxLength: 200 },
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
  @ApiBody({ type: LoginBody })
  @ApiOkResponse({ type: LoginView })
  @ApiProblems('malformed-request', 'invalid-credentials', 'payload-too-large', 'unsupported-media-type', 'too-many-requests')
  async login(@Body() { usuario, senha }: LoginBody, @Req() request: FastifyRequest): Promise<LoginView> {
    const principal = await this.authenticator.checkPassword(usuario, senha, request.ip);
    const { token, expiresAt } = await this.authenticator.issueToken(principal);
    return { token, papel: principal.role, expiraEm: expiresAt.toISOString() };
  }
}
