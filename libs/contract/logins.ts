import Type, { type Static } from 'typebox';

import { bodyOf, moment, named, oneOf, text } from './schema.ts';

/** `admin` opens and closes polls, `producao` reads counts, `auditor` counts and the event log, `sre` how the service does. */
export const ROLES = ['admin', 'producao', 'auditor', 'sre'] as const;
export type Role = (typeof ROLES)[number];

/** Longest password that is read: a hash takes its time. */
const MAX_PASSWORD_LENGTH = 200;
/** Long rather than intricate (NIST SP 800-63B). */
const MIN_NEW_PASSWORD_LENGTH = 12;

const password = (description: string, minLength = 1) =>
  Type.String({ minLength, maxLength: MAX_PASSWORD_LENGTH, format: 'password', description });

export const LoginBody = bodyOf('LoginBody', {
  usuario: Type.String({ minLength: 1, maxLength: 100, description: 'Name of the user', examples: ['producao'] }),
  senha: password('Password'),
});
export type LoginBody = Static<typeof LoginBody>;

export const PasswordBody = bodyOf('PasswordBody', {
  senha_atual: password('The password as it is'),
  senha_nova: password('The password as it shall be', MIN_NEW_PASSWORD_LENGTH),
});
export type PasswordBody = Static<typeof PasswordBody>;

/** `POST /login` and `POST /senha` */
export const Login = named(
  'Login',
  {
    token: text('Bearer token: send it as `Authorization: Bearer <token>`'),
    papel: oneOf(ROLES, 'Role of the user'),
    expira_em: moment('When the token expires'),
  },
  'A token, for whom, and until when',
);
export type Login = Static<typeof Login>;
