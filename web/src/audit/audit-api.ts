import { ApiFailure } from '../shared/failure.ts';
import { COMMAND_TIMEOUT, bearer, refusal, requestJson } from '../shared/http.ts';
import type { SseEvent } from '../shared/sse.ts';
import { readStream } from '../shared/stream.ts';
import type {
  AdminAction,
  CheckReport,
  Poll,
  PollQuarantine,
  Problem,
  QuarantinedEvent,
  QuarantinedRecord,
  Reconciliation,
  ReconciliationProgress,
  SignBody,
} from '#contract';

/** A recount of a large poll reads for minutes; silent for longer than this (ms), it is broken. */
const SILENCE = 30_000;

const get = async <T>(path: string, token: string): Promise<T> => (await requestJson<T>(path, { token })).value;

export const fetchQuarantine = (token: string): Promise<PollQuarantine[]> => get('/auditoria/quarentena', token);
/** The next of them in a poll's ballot box; a search of the whole box for a large one. */
export const fetchMoreQuarantine = (token: string, poll: string, revision?: string): Promise<QuarantinedEvent[]> =>
  get(`/auditoria/quarentena/votes-${poll}${revision === undefined ? '' : `?depois=${revision}`}`, token);
export const fetchRecord = (token: string, stream: string, revision: string): Promise<QuarantinedRecord> =>
  get(`/auditoria/quarentena/${stream}/${revision}`, token);
export const fetchActions = (token: string, poll: string): Promise<AdminAction[]> =>
  get(`/auditoria/acoes?paredao=${poll}`, token);

/** What comes of a long read, which tells how far it is. Rejects with `ApiFailure`, also when `signal` is aborted. */
async function longRead<T>(path: string, name: string, session: Session, onProgress: Progress): Promise<T> {
  const { token, signal } = session;
  let result: T | undefined;
  let problem: Problem | undefined;
  const onEvent = ({ event, data }: SseEvent): void => {
    if (event === 'progresso') onProgress((JSON.parse(data) as ReconciliationProgress).fracao);
    if (event === 'problema') problem = JSON.parse(data) as Problem;
    if (event === name) result = JSON.parse(data) as T;
  };
  try {
    return await readStream(path, bearer(token), onEvent, signal, SILENCE);
  } catch (error) {
    // the stream ends with the result
    if (result !== undefined) return result;
    throw problem === undefined ? error : new ApiFailure({ kind: 'refused', ...problem });
  }
}

type Progress = (fraction: number) => void;
interface Session {
  readonly token: string;
  readonly signal: AbortSignal;
}

/** Has a poll counted again, and compared with what the auditor brought: a part of the query. */
export const reconcile = (
  session: Session,
  poll: string,
  claims: string,
  onProgress: Progress,
): Promise<Reconciliation> =>
  longRead(`/auditoria/conferencia?paredao=${poll}${claims}`, 'conferencia', session, onProgress);

/** Has a closed poll audited, as it is signed then. */
export const auditClosed = (session: Session, poll: string, onProgress: Progress): Promise<CheckReport> =>
  longRead(`/auditoria/laudo?paredao=${poll}`, 'laudo', session, onProgress);

/** Signs what an audit found: that it agrees, or that it does not. */
export const signCheck = async (token: string, { paredao, selo }: CheckReport): Promise<Poll> =>
  (
    await requestJson<Poll>(`/paredoes/${paredao}/conferir`, {
      ...{ method: 'POST', body: { selo } satisfies SignBody, token, timeout: COMMAND_TIMEOUT },
    })
  ).value;

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
