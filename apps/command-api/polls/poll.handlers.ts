import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import type { Poll } from '#domain';

import { CurrentPoll } from './current-poll.ts';
import { ChangePoll, DraftPoll, OpenPoll } from './poll.commands.ts';
import { PollRepository } from './poll.repository.ts';

/**
 * Polls are numbered: the next one has the number after the last, and its stream must not exist yet. So of two
 * administrators who open one at the same time exactly one succeeds.
 */
@CommandHandler(OpenPoll)
export class OpenPollHandler implements ICommandHandler<OpenPoll> {
  constructor(
    private readonly polls: PollRepository,
    private readonly current: CurrentPoll,
  ) {}

  async execute({ title, names, by }: OpenPoll): Promise<Poll> {
    this.current.assertNoneOpen();
    const pollId = this.current.nextId;
    return this.polls.execute(pollId, { type: 'OpenPoll', pollId, title, names, at: new Date().toISOString(), by });
  }
}

/** While one poll is voted on, the next may be prepared. */
@CommandHandler(DraftPoll)
export class DraftPollHandler implements ICommandHandler<DraftPoll> {
  constructor(
    private readonly polls: PollRepository,
    private readonly current: CurrentPoll,
  ) {}

  execute({ title, names, by }: DraftPoll): Promise<Poll> {
    const pollId = this.current.nextId;
    return this.polls.execute(pollId, { type: 'DraftPoll', pollId, title, names, at: new Date().toISOString(), by });
  }
}

@CommandHandler(ChangePoll)
export class ChangePollHandler implements ICommandHandler<ChangePoll> {
  constructor(
    private readonly polls: PollRepository,
    private readonly current: CurrentPoll,
  ) {}

  async execute({ pollId, change }: ChangePoll): Promise<Poll> {
    if (change.type === 'OpenDraft') this.current.assertNoneOpen();
    return this.polls.execute(pollId, change);
  }
}
