import { PROBLEMS, type Problem, type ProblemCode, type ProblemKind } from '#contract';
import type { DomainErrorCode, UnreadableEventError } from '#domain';
import type { EventLogUnavailableError, WrongExpectedRevisionError } from '#event-log';
import type { HumanCheckError } from '#human-check';
import type { ReadModelUnavailableError } from '#read-model';

/** Codes that the lower layers refuse with: the compiler misses one that is not in the table. */
type RefusalCode =
  | DomainErrorCode
  | UnreadableEventError['code']
  | (HumanCheckError | EventLogUnavailableError | WrongExpectedRevisionError | ReadModelUnavailableError)['code'];

/** The compiler misses a refusal of a lower layer that the contract does not know. */
const KINDS: Readonly<Record<RefusalCode | ProblemCode, ProblemKind>> = PROBLEMS;

/** An answer, not a fault: thrown where a request is refused and no lower layer has an error of its own. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  constructor(
    readonly code: ProblemCode,
    readonly detail?: string,
    readonly retryAfterSeconds?: number,
  ) {
    const { stackTraceLimit } = Error;
    // where it was made says nothing, to find that out costs more than the answer, and in a crush there are many
    Error.stackTraceLimit = 0;
    super(detail ?? code);
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** Seconds after which the client may try again, if the problem has such a time. */
export function retryAfterOf(code: ProblemCode): number | undefined {
  return KINDS[code].retryAfterSeconds;
}

/** The body of the answer that tells this problem. `detail` says what exactly was wrong, and is shown to the client. */
export function problemOf(code: ProblemCode, detail?: string): Problem {
  const { status, title } = KINDS[code];
  return { type: `urn:paredao:problem:${code}`, title, status, code, ...(detail !== undefined && { detail }) };
}

/** The problem that an error is told as where the answer has begun already. */
export const problemFor = (error: unknown): Problem => problemOf(codeOf(error));

/** Fastify's own refusals that a client can cause, by the status it gives them. */
const BY_STATUS: Record<number, ProblemCode> = {
  404: 'not-found',
  405: 'method-not-allowed',
  413: 'payload-too-large',
  414: 'uri-too-long',
  415: 'unsupported-media-type',
  429: 'too-many-requests',
};

/** The problem that an error of any layer is answered with; what nobody foresaw is an internal error. */
export function codeOf(error: unknown): ProblemCode {
  const { code, statusCode, status } = (error ?? {}) as { code?: unknown; statusCode?: unknown; status?: unknown };
  if (typeof code === 'string' && Object.hasOwn(PROBLEMS, code)) return code as ProblemCode;
  const http = typeof statusCode === 'number' ? statusCode : status;
  if (typeof http !== 'number' || http < 400 || http >= 500) return 'internal-error';
  return BY_STATUS[http] ?? 'malformed-request';
}
