import { ApiProperty } from '@nestjs/swagger';

import type { Principal } from './authenticator.ts';
import { ROLES, type Role } from './users.ts';

/** A token, for whom, and until when. */
export class LoginView {
  @ApiProperty({ description: 'Bearer token' }) token!: string;
  @ApiProperty({ enum: ROLES }) papel!: Role;
  @ApiProperty({ format: 'date-time' }) expiraEm!: string;
}

export const loginView = ({ role }: Principal, issued: { token: string; expiresAt: Date }): LoginView => ({
  token: issued.token,
  papel: role,
  expiraEm: issued.expiresAt.toISOString(),
});
