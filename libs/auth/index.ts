export { AuthModule } from './auth.module.ts';
export { ensureUsers } from './first-credentials.ts';
export { RequiresRole } from './roles.guard.ts';
export { addUser, removeUser, resetPassword, usersOf } from './user-admin.ts';
