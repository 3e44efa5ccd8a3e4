import { ApiFailure, parseRetryAfter, problemOf } from './failure.ts';
import { timeLimit } from './time-limit.ts';

/** `timeout` in milliseconds; the request is aborted after it. */
export interface RequestOptions {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** A blob goes out as it is, anything else as JSON. */
  readonly body?: unknown;
  readonly token?: string;
  /** Besides those that every request has. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeout?: number;
}

/** Of a request that waits for the log: longer than the service tries to reach it, ms. */
export const COMMAND_TIMEOUT = 15_000;

/** The time limit of a request that names none. */
const DEFAULT_TIMEOUT = 8_000;

/** Fails with `kind: 'offline'` only when the browser itself says that there is no line. */
function lineFailure(error: unknown): ApiFailure {
  if (!navigator.onLine) return new ApiFailure({ kind: 'offline' });
  // only the time limit aborts a request here; older browsers do not say so
  const timedOut = error instanceof DOMException && ['TimeoutError', 'AbortError'].includes(error.name);
  return new ApiFailure({ kind: timedOut ? 'timeout' : 'network' });
}

/** The failure that a non-2xx answer stands for. Reads the body. */
export async function refusal(response: Response): Promise<ApiFailure> {
  const body: unknown = await response.json().catch(() => null);
  const retryAfter = parseRetryAfter(response.headers.get('retry-after'), Date.now());
  return new ApiFailure({ kind: 'refused', status: response.status, ...problemOf(body), retryAfter });
}

/** The header of a login. */
export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

function requestInit({ method = 'GET', body, token, headers: more }: RequestOptions, signal: AbortSignal): RequestInit {
  const headers: Record<string, string> = { accept: 'application/json', ...more };
  if (body !== undefined) headers['content-type'] = body instanceof Blob ? body.type : 'application/json';
  if (token !== undefined) Object.assign(headers, bearer(token));
  const init: RequestInit = { method, headers, signal, cache: 'no-store', credentials: 'same-origin' };
  return body === undefined ? init : { ...init, body: body instanceof Blob ? body : JSON.stringify(body) };
}

let here: ((path: string) => Promise<unknown>) | undefined;

/** From now on this page asks no service as a voter: what `answer` gives is the answer. Requests with a token go out. */
export function answerHere(answer: (path: string) => Promise<unknown>): void {
  here = answer;
}

/** Sends a request and reads the JSON answer with its headers. Rejects with `ApiFailure` only. */
export async function requestJson<T>(
  path: string,
  options: RequestOptions = {},
): Promise<{ value: T; headers: Headers }> {
  if (here && options.token === undefined) return { value: (await here(path)) as T, headers: new Headers() };
  return await answered(path, options, (response) => response.json() as Promise<T>);
}

/** The same of an answer that is bytes. */
export const requestBytes = async (path: string, options: RequestOptions = {}): Promise<Uint8Array> =>
  new Uint8Array((await answered(path, options, (response) => response.arrayBuffer())).value);

async function answered<T>(
  path: string,
  options: RequestOptions,
  read: (response: Response) => Promise<T>,
): Promise<{ value: T; headers: Headers }> {
  const signal = timeLimit(options.timeout ?? DEFAULT_TIMEOUT);
  let response: Response;
  try {
    response = await fetch(path, requestInit(options, signal));
    if (response.ok) return { value: await read(response), headers: response.headers };
  } catch (error) {
    throw lineFailure(error);
  }
  throw await refusal(response);
}
