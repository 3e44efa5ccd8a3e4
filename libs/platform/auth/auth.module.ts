import { type DynamicModule, Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';

import type { Secrets } from '../secrets.ts';
import { Authenticator, USERS } from './authenticator.ts';
import { LoginController } from './login.controller.ts';
import type { User } from './users.ts';

/** Users, tokens and the login route. */
@Module({})
export class AuthModule {
  static with(users: readonly User[], secrets: Secrets): DynamicModule {
    return {
      module: AuthModule,
      global: true,
      imports: [JwtModule.register({ secret: secrets.token, signOptions: { algorithm: 'HS256' } })],
      controllers: [LoginController],
      providers: [{ provide: USERS, useValue: users }, Authenticator],
      exports: [Authenticator],
    };
  }
}
