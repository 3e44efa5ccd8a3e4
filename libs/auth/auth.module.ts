import { Module, type NestModule } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { JwtModule } from '@nestjs/jwt';
import type { FastifyAdapter } from '@nestjs/platform-fastify';

import { Environment, SECRETS, type Secrets } from '#platform';

import { Authenticator } from './authenticator.ts';
import { ensureUsers } from './first-credentials.ts';
import { LoginController } from './login.controller.ts';
import { PasswordTags } from './password-tags.ts';
import { PasswordController } from './password.controller.ts';
import { admitByRole } from './roles.guard.ts';
import { UserDirectory } from './user-directory.ts';

/** Users, tokens, the login routes, and the check of roles. A module whose routes need a role imports it. */
@Module({
  imports: [
    JwtModule.registerAsync({
      inject: [SECRETS],
      useFactory: ({ token }: Secrets) => ({ secret: token, signOptions: { algorithm: 'HS256' } }),
    }),
  ],
  controllers: [LoginController, PasswordController],
  providers: [
    {
      provide: UserDirectory,
      inject: [Environment],
      useFactory: async ({ dataDir }: Environment) => new UserDirectory(dataDir, await ensureUsers(dataDir)),
    },
    {
      provide: PasswordTags,
      inject: [SECRETS],
      useFactory: ({ token }: Secrets) => new PasswordTags(token),
    },
    Authenticator,
  ],
  exports: [Authenticator],
})
export class AuthModule implements NestModule {
  constructor(
    private readonly host: HttpAdapterHost<FastifyAdapter>,
    private readonly authenticator: Authenticator,
  ) {}

  /** Nest calls it before it registers routes, and after the rate limit is in place: the check of roles comes second. */
  configure(): void {
    admitByRole(this.host.httpAdapter.getInstance(), this.authenticator);
  }
}
