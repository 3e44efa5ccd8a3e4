import { ApiFailure } from './failure.ts';
import { refusal, requestJson } from './http.ts';
import { createSseParser } from './sse.ts';
import type { AdminAction, AuditState, PollQuarantine, QuarantinedRecord, Reconciliation } from './audit-wire.ts';

/** A recount of a large poll reads for minutes; silent for longer than this (ms), it is broken. */
const SILENCE = 30_000;

const get = async <T>(path: string, token: string): Promise<T> => (await requestJson<T>(path, { token })).value;

export const fetchState = (token: string): Promise<AuditState> => get('/auditoria/estado', token);
export const fetchQuarantine = (token: string): Promise<PollQuarantine[]> => get('/auditoria/quarentena', token);
export const fetchRecord = (token: string, stream: string, revision: string): Promise<QuarantinedRecord> =>
  get(`/auditoria/quarentena/${stream}/${revision}`, token);
export const fetchActions = (token: string, poll: string): Promise<AdminAction[]> =>
  get(`/auditoria/acoes?paredao=${poll}`, token);

const authorized = async (path: string, token: string, signal: AbortSignal): Promise<Response> => {
  const response = await fetch(path, { headers: { authorization: `Bearer ${token}` }, signal, cache: 'no-store' });
  if (!response.ok) throw await refusal(response);
  return response;
};

/** Has a poll counted again. Rejects with `ApiFailure`, or with what `signal` says. */
export async function reconcile(
  token: string,
  poll: string,
  onProgress: (fraction: number) => void,
  signal: AbortSignal,
): Promise<Reconciliation> {
  const silence = new AbortController();
  let watchdog = setTimeout(() => silence.abort(), SILENCE);
  const both = AbortSignal.any([signal, silence.signal]);
  let result: Reconciliation | undefined;
  const feed = createSseParser(({ event, data }) => {
    if (event === 'progresso') onProgress((JSON.parse(data) as { fracao: number }).fracao);
    if (event === 'conferencia') result = JSON.parse(data) as Reconciliation;
  });
  try {
    const { body } = await authorized(`/auditoria/conferencia?paredao=${poll}`, token, both);
    const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
    for (let piece = await reader?.read(); piece?.done === false; piece = await reader?.read()) {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => silence.abort(), SILENCE);
      feed(piece.value);
    }
  } finally {
    clearTimeout(watchdog);
  }
  if (result === undefined) throw new ApiFailure({ kind: 'network' });
  return result;
}

/** Downloads a file with the token in its header, and hands it to the browser under the name that the server gave it. */
export async function download(path: string, token: string, signal: AbortSignal): Promise<void> {
  const response = await authorized(path, token, signal);
  const [, name = 'paredao'] = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '') ?? [];
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  Object.assign(link, { href: url, download: name });
  link.click();
  // the browser has begun to save it by then
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
