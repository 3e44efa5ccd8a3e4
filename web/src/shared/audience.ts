/** What a token says of whose it is; see `issueToken` in libs/auth. */
interface Claims {
  readonly sub?: unknown;
  readonly role?: unknown;
  readonly pwd?: unknown;
}

/**
 * Names whose eyes a login is for. Two tokens of the same user, role and password have the same one, since what one may see the other may
 * see too. A token that does not say this is an audience of its own.
 */
export function audienceOf(token: string): string {
  try {
    const payload = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const { sub, role, pwd } = JSON.parse(atob(payload)) as Claims;
    const claims = [sub, role, pwd];
    return claims.every((claim) => typeof claim === 'string') ? JSON.stringify(claims) : token;
  } catch {
    return token;
  }
}
