import { DomainError } from '../errors.ts';
import { isoTime } from '../wire/canonical.ts';

/** When a poll opens and closes by itself, UTC ISO-8601 with milliseconds; null: when somebody says so. */
export interface Schedule {
  readonly opensAt: string | null;
  readonly closesAt: string | null;
  /** Who wants it so. */
  readonly by: string;
}

type Times = Omit<Schedule, 'by'>;

/**
 * The times of a schedule in their canonical form. A poll that is open already has no opening to come, and keeps none.
 * @param wanted times in any form of ISO-8601, and `at`, the present
 * @throws DomainError `invalid-schedule` for what is no time, is over, or closes before it opens
 */
export function checkedSchedule({ at, ...wanted }: Times & { readonly at: string }, opens: boolean): Times {
  const [opensAt, closesAt] = [canonical(wanted.opensAt), canonical(wanted.closesAt)];
  if (opensAt !== null && !opens) throw new DomainError('invalid-schedule', 'the poll is open already');
  if (opensAt !== null && opensAt <= at) throw new DomainError('invalid-schedule', 'the opening must be in the future');
  if (closesAt !== null && closesAt <= (opensAt ?? at)) {
    throw new DomainError('invalid-schedule', 'the closing must be in the future, and after the opening');
  }
  return { opensAt, closesAt };
}

export const sameSchedule = (next: Times, current: Times = { opensAt: null, closesAt: null }): boolean =>
  next.opensAt === current.opensAt && next.closesAt === current.closesAt;

/** Canonical times compare as texts. */
function canonical(time: string | null): string | null {
  if (time === null) return null;
  const milliseconds = Date.parse(time);
  if (Number.isNaN(milliseconds)) throw new DomainError('invalid-schedule', `"${time}" is no time`);
  return isoTime(milliseconds);
}
