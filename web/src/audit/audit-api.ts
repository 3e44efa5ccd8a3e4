import { refusal, requestJson } from '../shared/http.ts';
import type { SseEvent } from '../shared/sse.ts';
import { bearer, readStream } from '../shared/stream.ts';
import type {
  AdminAction,
  AuditState,
  PollQuarantine,
  QuarantinedEvent,
  QuarantinedRecord,
  Reconciliation,
  ReconciliationProgress,
} from '#contract';

/** A recount of a large poll reads for minutes; silent for longer than this (ms), it is broken. */
const SILENCE = 30_000;

const get = async <T>(path: string, token: string): Promise<T> => (await requestJson<T>(path, { token })).value;

export const fetchState = (token: string): Promise<AuditState> => get('/auditoria/estado', token);
export const fetchQuarantine = (token: string): Promise<PollQuarantine[]> => get('/auditoria/quarentena', token);
/** The next of them in a poll's ballot box; a search of the whole box for a large one. */
export const fetchMoreQuarantine = (token: string, poll: string, revision?: string): Promise<QuarantinedEvent[]> =>
  get(`/auditoria/quarentena/votes-${poll}${revision === undefined ? '' : `?depois=${revision}`}`, token);
export const fetchRecord = (token: string, stream: string, revision: string): Promise<QuarantinedRecord> =>
  get(`/auditoria/quarentena/${stream}/${revision}`, token);
export const fetchActions = (token: string, poll: string): Promise<AdminAction[]> =>
  get(`/auditoria/acoes?paredao=${poll}`, token);

/** Has a poll counted again. Rejects with `ApiFailure`, also when `signal` is aborted. */
export async function reconcile(
  token: string,
  poll: string,
  onProgress: (fraction: number) => void,
  signal: AbortSignal,
): Promise<Reconciliation> {
  let result: Reconciliation | undefined;
  const onEvent = ({ event, data }: SseEvent): void => {
    if (event === 'progresso') onProgress((JSON.parse(data) as ReconciliationProgress).fracao);
    if (event === 'conferencia') result = JSON.parse(data) as Reconciliation;
  };
  try {
    return await readStream(`/auditoria/conferencia?paredao=${poll}`, bearer(token), onEvent, signal, SILENCE);
  } catch (error) {
    // the stream ends with the result
    if (result === undefined) throw error;
    return result;
  }
}

/** Downloads a file with the token in its header, and hands it to the browser under the name that the server gave it. */
export async function download(path: string, token: string, signal: AbortSignal): Promise<void> {
  const response = await fetch(path, { headers: { authorization: `Bearer ${token}` }, signal, cache: 'no-store' });
  if (!response.ok) throw await refusal(response);
  const [, name = 'paredao'] = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '') ?? [];
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  Object.assign(link, { href: url, download: name });
  link.click();
  // the browser has begun to save it by then
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
