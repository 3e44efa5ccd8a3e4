import type { Login } from '#contract';

import type { Principal } from './authenticator.ts';

export const loginView = ({ role }: Principal, issued: { token: string; expiresAt: Date }): Login => ({
  token: issued.token,
  papel: role,
  expira_em: issued.expiresAt.toISOString(),
});
