import { type DynamicModule, Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';

import type { Secrets } from '../secrets.ts';
import { Authenticator } from './authenticator.ts';
import { LoginController } from './login.controller.ts';
import { PasswordTags } from './password-tags.ts';
import { PasswordController } from './password.controller.ts';
import { UserDirectory } from './user-directory.ts';

/** Users, tokens and the login route. */
@Module({})
export class AuthModule {
  static with(users: UserDirectory, secrets: Secrets): DynamicModule {
    return {
      module: AuthModule,
      global: true,
      imports: [JwtModule.register({ secret: secrets.token, signOptions: { algorithm: 'HS256' } })],
      controllers: [LoginController, PasswordController],
      providers: [
        { provide: UserDirectory, useValue: users },
        { provide: PasswordTags, useValue: new PasswordTags(secrets.token) },
        Authenticator,
      ],
      exports: [Authenticator],
    };
  }
}
