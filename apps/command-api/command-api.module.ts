import { Module, type OnModuleInit } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';

import { EventLog, EventLogUnavailableError } from '#event-log';
import { Readiness } from '#platform';

import { PhotoStore } from './photos/photo.store.ts';
import { PhotosController } from './photos/photos.controller.ts';
import { CurrentPoll } from './polls/current-poll.ts';
import { PollScheduler } from './polls/poll-scheduler.ts';
import { PollSealer } from './polls/poll-sealer.ts';
import { ChangePollHandler, CreatePollHandler } from './polls/poll.handlers.ts';
import { PollRepository } from './polls/poll.repository.ts';
import { PollsController } from './polls/polls.controller.ts';
import { BallotBox, ballotBoxMetrics } from './votes/ballot-box.ts';
import { CastVoteHandler, castVoteMetrics } from './votes/cast-vote.handler.ts';
import { VoteMetrics, voteMetrics } from './votes/vote-metrics.ts';
import { humanCheckMetrics, humanCheckProvider } from './votes/human-check.provider.ts';
import { VotesController } from './votes/votes.controller.ts';

/** How far this host's clock may be off the log's, ms. */
const CLOCK_TOLERANCE_MS = 5000;

/** Takes votes and the administrators' commands, and appends them to the event log. */
@Module({
  imports: [CqrsModule.forRoot()],
  controllers: [VotesController, PollsController, PhotosController],
  providers: [
    BallotBox,
    CurrentPoll,
    PhotoStore,
    PollRepository,
    PollScheduler,
    PollSealer,
    CastVoteHandler,
    CreatePollHandler,
    ChangePollHandler,
    ...ballotBoxMetrics,
    VoteMetrics,
    ...castVoteMetrics,
    ...voteMetrics,
    humanCheckProvider,
    ...humanCheckMetrics,
  ],
  exports: [CurrentPoll],
})
export class CommandApiModule implements OnModuleInit {
  constructor(
    private readonly log: EventLog,
    private readonly readiness: Readiness,
  ) {}

  onModuleInit(): void {
    this.readiness.add('event-log', async () => {
      const { recordedAt } = await this.log.head();
      const ahead = recordedAt - Date.now();
      if (ahead > CLOCK_TOLERANCE_MS)
        throw new EventLogUnavailableError(`this clock is ${String(ahead)} ms behind the log's`);
    });
  }
}
