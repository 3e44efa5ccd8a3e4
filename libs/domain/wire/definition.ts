import type { PollStatus } from '../poll/poll.ts';
import type { ResultStanding } from '../poll/result.ts';
import type { DataOfAny, Form } from './fields.ts';

/** What one kind of event is: see `POLL_EVENTS`. */
export interface Definition<Forms extends readonly Form[]> {
  /** The fields of each version, version 1 first. */
  readonly versions: Forms;
  /** The states of a poll in which it may happen; undefined: there is no poll yet. */
  readonly after: readonly (PollStatus | undefined)[];
  /** Whether it needs a poll that is paused, or one that is not; undefined: it may happen either way. */
  readonly paused?: boolean;
  /** What must not have been decided of its result yet. */
  readonly before?: readonly (keyof ResultStanding)[];
  /** What happened, for auditors to read, in Brazilian Portuguese. */
  says(event: DataOfAny<Forms>): string;
}

export const event = <const Forms extends readonly Form[]>(definition: Definition<Forms>): Definition<Forms> =>
  definition;
