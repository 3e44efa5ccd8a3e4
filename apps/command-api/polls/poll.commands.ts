import { Command } from '@nestjs/cqrs';

import type { Poll, PollCommand } from '#domain';

/** What may be done to an existing poll: all but making it. */
export type PollChange = Exclude<PollCommand, { type: 'OpenPoll' | 'DraftPoll' }>;

/** Do something to an existing poll: open a draft, change a participant, schedule it, close it, seal it. */
export class ChangePoll extends Command<Poll> {
  constructor(
    readonly pollId: string,
    readonly change: PollChange,
  ) {
    super();
  }
}

/** Open the next poll. */
export class OpenPoll extends Command<Poll> {
  constructor(
    readonly title: string,
    readonly names: readonly string[],
    readonly by: string,
  ) {
    super();
  }
}

/** Prepare the next poll; it is opened later. */
export class DraftPoll extends OpenPoll {}
