import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { DomainError, type Poll } from '#domain';

import { CurrentPoll } from './current-poll.ts';
import { ChangePoll, OpenPoll } from './poll.commands.ts';
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
    const last = this.current.get();
    if (last?.status === 'open') throw new DomainError('poll-already-open', `poll ${last.id} is open`);
    const pollId = String(Number(last?.id ?? 0) + 1);
    return this.polls.execute(pollId, { type: 'OpenPoll', pollId, title, names, at: new Date().toISOString(), by });
  }
}

@CommandHandler(ChangePoll)
export class ChangePollHandler implements ICommandHandler<ChangePoll> {
  constructor(private readonly polls: PollRepository) {}

  execute({ pollId, change }: ChangePoll): Promise<Poll> {
    return this.polls.execute(pollId, change);
  }
}
