import { requestJson } from './http.ts';
import type { Solution } from './solver.ts';
import type { CastVote, Challenge, Login, Poll, Result, Total, VoteBody } from './wire.ts';

/** Every function rejects with `ApiFailure` only. Paths are relative to the origin that served the page. */

const get = async <T>(path: string, options: { token?: string; timeout?: number } = {}): Promise<T> =>
  (await requestJson<T>(path, options)).value;

/** The current poll; refused with 404 `poll-not-found` when there was never one. */
export const fetchPoll = (): Promise<Poll> => get('/paredao');

/** A fresh challenge; refused with 409 `poll-not-open` when nobody can vote. */
export const fetchChallenge = (): Promise<Challenge> => get('/desafio');

/** Shares so far. With `since` (a vote's `posicao`) the server waits up to 2 s for that vote to be counted. */
export function fetchResult(since?: string): Promise<Result> {
  return get(since === undefined ? '/resultado' : `/resultado?desde=${encodeURIComponent(since)}`);
}

/** The totals, for production. `poll` selects an earlier one. */
export function fetchTotal(token: string, poll: string | null): Promise<Total> {
  return get(totalPath('/total', poll), { token });
}

/** `/total` or `/total/aovivo`, with the poll selected in the query. */
export const totalPath = (path: string, poll: string | null): string =>
  poll === null ? path : `${path}?paredao=${encodeURIComponent(poll)}`;

/** What `POST /votar` takes: base64 of the challenge as received, with its solution. */
export function encodeSolved({ parameters, signature }: Challenge, { counter, derivedKey }: Solution): string {
  const json = JSON.stringify({ challenge: { parameters, signature }, solution: { counter, derivedKey } });
  return btoa(String.fromCharCode(...new TextEncoder().encode(json)));
}

/** Votes for slot 1 or 2 with an encoded, solved challenge, and a token where one was asked for. Sending the same one again counts once. */
export async function sendVote(slot: number, body: VoteBody): Promise<CastVote> {
  const { value } = await requestJson<{ voto: CastVote }>(`/votar/${slot}`, {
    method: 'POST',
    body,
    timeout: 12_000,
  });
  return value.voto;
}

/** Logs in; `lifetime` is in milliseconds, measured on the server's clock where the answer carries one. */
export async function login(usuario: string, senha: string): Promise<Login & { lifetime: number }> {
  const { value, headers } = await requestJson<Login>('/login', {
    method: 'POST',
    body: { usuario, senha },
    timeout: 15_000,
  });
  const serverNow = Date.parse(headers.get('date') ?? '');
  const lifetime = Date.parse(value.expiraEm) - (Number.isNaN(serverNow) ? Date.now() : serverNow);
  return { ...value, lifetime };
}
