import { type AuditOptions, isCommitment } from '#audit';
import { announcedIn } from '#contract';
import { ProblemError } from '#platform';

/** What an auditor brings, to be compared with the log: a result that was announced, a commitment of an earlier report. */
export type Claims = Pick<AuditOptions, 'announced' | 'expected'>;

/** @throws ProblemError `malformed-request` where it is written in another way */
export function claimsOf(announcement: string | undefined, expected: string | undefined): Claims {
  const announced = announcement === undefined ? undefined : announcedIn(announcement);
  if (announcement !== undefined && announced === undefined) {
    throw new ProblemError('malformed-request', 'anunciado says something twice');
  }
  if (expected !== undefined && !isCommitment(expected)) {
    throw new ProblemError('malformed-request', 'compromisso is no commitment of a report');
  }
  return { announced, expected };
}
