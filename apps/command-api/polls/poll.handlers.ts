import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';

import { versionOf } from '#contract/views';
import { type Poll, isoTime } from '#domain';
import { ProblemError } from '#platform';

import { BoxOpener } from '../poll-lifecycle/box-opener.ts';
import { PollDirectory } from './poll-directory.ts';
import { ChangePoll, CreatePoll } from './poll.commands.ts';
import { PollRepository } from './poll.repository.ts';

/**
 * Polls are numbered: the next one has the number after the last, and its stream must not exist yet. So of two
 * administrators who make one at the same time exactly one succeeds. While one is open, the next can only be drafted; a
 * rehearsal is open beside a real one.
 */
@CommandHandler(CreatePoll)
export class CreatePollHandler implements ICommandHandler<CreatePoll> {
  constructor(
    private readonly polls: PollRepository,
    private readonly directory: PollDirectory,
    private readonly boxes: BoxOpener,
  ) {}

  async execute({ making, by, asDraft }: CreatePoll): Promise<Poll> {
    if (!asDraft) this.directory.assertNoneOpen(making.rehearsal);
    if (making.replaces !== undefined) this.directory.assertAnnulled(making.replaces, making.rehearsal);
    const pollId = this.directory.nextId;
    const type = asDraft ? 'DraftPoll' : 'OpenPoll';
    const poll = await this.polls.execute(pollId, { ...making, type, pollId, at: isoTime(Date.now()), by });
    return asDraft ? poll : withOpenBox(poll, this.boxes);
  }
}

@CommandHandler(ChangePoll)
export class ChangePollHandler implements ICommandHandler<ChangePoll> {
  constructor(
    private readonly polls: PollRepository,
    private readonly directory: PollDirectory,
    private readonly boxes: BoxOpener,
  ) {}

  async execute({ pollId, change, version }: ChangePoll): Promise<Poll> {
    const opens = change.type === 'OpenDraft' || change.type === 'OpenAsScheduled';
    const changed = await this.polls.execute(pollId, change, (poll) => {
      if (opens) this.directory.assertNoneOpen(poll?.rehearsal);
      if (change.type === 'DescribeDraft' && change.replaces) {
        this.directory.assertAnnulled(change.replaces, poll?.rehearsal);
      }
      if (poll && version !== undefined && versionOf(poll) !== version) throw new ProblemError('poll-changed');
    });
    return opens ? withOpenBox(changed, this.boxes) : changed;
  }
}

/** Who opened a poll may vote at once. Where its box cannot be opened now, that is tried again elsewhere, and said there. */
async function withOpenBox(poll: Poll, boxes: BoxOpener): Promise<Poll> {
  if (poll.status === 'open') await boxes.open(poll).catch(() => {});
  return poll;
}
