import { Command } from '@nestjs/cqrs';

import type { Poll, PollCommand } from '#domain';

/** Do something to an existing poll: change a participant, close it, seal it. */
export class ChangePoll extends Command<Poll> {
  constructor(
    readonly pollId: string,
    readonly change: Exclude<PollCommand, { type: 'OpenPoll' }>,
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
