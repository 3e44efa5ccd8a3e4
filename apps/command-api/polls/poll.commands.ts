import { Command } from '@nestjs/cqrs';

import type { Poll, PollCommand, PollMaking } from '#domain';

/** What may be done to an existing poll: all but making it. */
export type PollChange = Exclude<PollCommand, { type: 'OpenPoll' | 'DraftPoll' }>;

/** Do something to an existing poll: open a draft or discard it, change a participant, schedule it, close it, seal it. */
export class ChangePoll extends Command<Poll> {
  constructor(
    readonly pollId: string,
    readonly change: PollChange,
    /** As the poll must be for it, as {@link versionOf} names that; undefined: whatever it is. */
    readonly version?: string,
  ) {
    super();
  }
}

/** Make the next poll: open at once, or as a draft that is opened later. */
export class CreatePoll extends Command<Poll> {
  constructor(
    readonly making: Omit<PollMaking, 'pollId'>,
    readonly by: string,
    readonly asDraft = false,
  ) {
    super();
  }
}
