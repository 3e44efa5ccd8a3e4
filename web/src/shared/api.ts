import { COMMAND_TIMEOUT, type RequestOptions, requestJson } from './http.ts';
import { passeHeader } from './passe.ts';
import type { Session } from './session.ts';
import { ofThisPoll } from './this-poll.ts';
import type { AuditState, Login, LoginBody, PasswordBody, PollList, PollSummary, Result, Total } from '#contract';

/** Every function rejects with `ApiFailure` only. Paths are relative to the origin that served the page. */

const get = async <T>(path: string, options: RequestOptions = {}): Promise<T> =>
  (await requestJson<T>(path, options)).value;

/** Milliseconds until a time, on the server's clock where its answer says what that shows. */
function millisecondsUntil(iso: string, headers: Headers): number {
  const serverNow = Date.parse(headers.get('date') ?? '');
  return Date.parse(iso) - (Number.isNaN(serverNow) ? Date.now() : serverNow);
}

/** Shares so far, if they are for this page yet. With `since` (a vote's `posicao`) the server waits up to 2 s for that vote to be counted. */
export function fetchResult(since?: string): Promise<Result> {
  const path = ofThisPoll('/resultado', since === undefined ? {} : { desde: since });
  return get(path, { headers: passeHeader() });
}

/** The totals, for production. `poll` selects an earlier one. */
export function fetchTotal(token: string, poll: string | null): Promise<Total> {
  return get(totalPath('/total', poll), { token });
}

/** Every poll, the newest first. */
export async function fetchPolls(token: string): Promise<readonly PollSummary[]> {
  return (await get<PollList>('/paredoes', { token })).paredoes;
}

/** The log beside what was counted; how long an audit takes. */
export const fetchAuditState = (token: string): Promise<AuditState> => get('/auditoria/estado', { token });

/** `/total` or `/total/aovivo`, with the poll selected in the query. */
export const totalPath = (path: string, poll: string | null): string =>
  poll === null ? path : `${path}?paredao=${encodeURIComponent(poll)}`;

/** A session from the answer of a login; its end is measured on the server's clock where the answer carries one. */
async function sessionFrom(path: string, body?: LoginBody | PasswordBody, token?: string): Promise<Session> {
  const given = { ...(body && { body }), ...(token !== undefined && { token }) };
  const options = { method: 'POST', timeout: COMMAND_TIMEOUT, ...given } as const;
  const { value, headers } = await requestJson<Login>(path, options);
  const since = Date.now();
  const expiresAt = since + millisecondsUntil(value.expira_em, headers);
  return { token: value.token, expiresAt, since, role: value.papel, user: '' };
}

export const login = async (usuario: string, senha: string): Promise<Session> => ({
  ...(await sessionFrom('/login', { usuario, senha })),
  user: usuario,
});

/** Another session in place of one that is still good, until a day after the login. */
export const renewLogin = (token: string): Promise<Session> => sessionFrom('/login/renovar', undefined, token);

/** Gives the own user another password; tokens from before end. */
export const changePassword = (token: string, senha_atual: string, senha_nova: string): Promise<Session> =>
  sessionFrom('/senha', { senha_atual, senha_nova }, token);
