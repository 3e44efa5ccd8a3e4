/** Why a request did not bring what was asked for. */
export type FailureKind = 'offline' | 'network' | 'timeout' | 'refused';

/** What `ApiFailure` is made of. `retryAfter` is in seconds, null when the server named none. */
export interface FailureDetails {
  readonly kind: FailureKind;
  /** HTTP status; 0 when there was no answer. */
  readonly status?: number;
  /** The stable code of the problem document; '' when there was none. */
  readonly code?: string;
  /** What the problem document says to people; '' when there was none. */
  readonly title?: string;
  readonly retryAfter?: number | null;
}

/** The only error that the functions of `api.ts` reject with. */
export class ApiFailure extends Error {
  readonly kind: FailureKind;
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly retryAfter: number | null;

  constructor({ kind, status = 0, code = '', title = '', retryAfter = null }: FailureDetails) {
    super(`${kind} ${status} ${code}`.trim());
    this.kind = kind;
    this.status = status;
    this.code = code;
    this.title = title;
    this.retryAfter = retryAfter;
  }
}

/** Any thrown value as an `ApiFailure`; what is not one counts as a network fault. */
export function asFailure(error: unknown): ApiFailure {
  return error instanceof ApiFailure ? error : new ApiFailure({ kind: 'network' });
}

/** The code and title of a problem document, '' where the body is something else. */
export function problemOf(body: unknown): { code: string; title: string } {
  const { code, title } = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  return { code: typeof code === 'string' ? code : '', title: typeof title === 'string' ? title : '' };
}

const MAX_RETRY_AFTER_SECONDS = 300;

/** Reads a `Retry-After` header: seconds or an HTTP date, bounded to 0–300 s; null when absent or unreadable. */
export function parseRetryAfter(header: string | null, now: number): number | null {
  if (header === null || header.trim() === '') return null;
  const seconds = /^\s*\d+\s*$/.test(header) ? Number(header) : (Date.parse(header) - now) / 1_000;
  if (Number.isNaN(seconds)) return null;
  return Math.min(Math.max(Math.ceil(seconds), 0), MAX_RETRY_AFTER_SECONDS);
}
