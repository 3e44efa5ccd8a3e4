export { AuthModule } from './auth.module.ts';
export { Authenticator } from './authenticator.ts';
export { ensureUsers } from './first-credentials.ts';
export { RequiresRole, principalOf } from './roles.guard.ts';
export { addUser, removeUser, resetPassword, usersOf } from './user-admin.ts';
