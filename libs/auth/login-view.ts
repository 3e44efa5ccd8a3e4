import type { Login } from '#contract';
import { isoTime } from '#domain';

import type { Principal } from './authenticator.ts';

export const loginView = ({ role }: Principal, issued: { token: string; expiresAt: Date }): Login => ({
  token: issued.token,
  papel: role,
  expira_em: isoTime(issued.expiresAt.getTime()),
});
