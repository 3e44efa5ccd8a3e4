import { Module, type NestModule } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { CqrsModule } from '@nestjs/cqrs';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { PinoLogger } from 'nestjs-pino';

import { AuthModule } from '#auth';
import { PHOTO_TYPES } from '#contract';
import { CheckSeal, CursorCodec, Passes, RehearsalKeys } from '#contract/views';
import { loadSharp } from '#pictures';
import { SECRETS, type Secrets, acceptFiles } from '#platform';

import { AddressRecord } from './address-record/address-record.ts';
import { BusyNetworks } from './busy-networks/busy-networks.ts';
import { BusyNetworksController } from './busy-networks/busy-networks.controller.ts';
import { PhotoEncoder } from './photos/photo-encoder.ts';
import { PhotoSizes } from './photos/photo-sizes.ts';
import { PhotoStore } from './photos/photo.store.ts';
import { PhotosController } from './photos/photos.controller.ts';
import { EvidenceKeyWatch, EvidenceKeys } from './polls/evidence-keys.ts';
import { PollDirectory } from './polls/poll-directory.ts';
import { BoxOpener } from './poll-lifecycle/box-opener.ts';
import { LogWatch } from './poll-lifecycle/log-watch.ts';
import { PollScheduler } from './poll-lifecycle/poll-scheduler.ts';
import { PollSealer } from './poll-lifecycle/poll-sealer.ts';
import { ChangePollHandler, CreatePollHandler } from './polls/poll.handlers.ts';
import { ParticipantsController } from './polls/participants.controller.ts';
import { PollRepository } from './polls/poll.repository.ts';
import { PollResultsController } from './polls/results.controller.ts';
import { PollsController } from './polls/polls.controller.ts';
import { SharesController } from './polls/shares.controller.ts';
import { BallotBox, ballotBoxMetrics } from './votes/ballot-box.ts';
import { BallotBoxReader } from './votes/ballot-box-reader.ts';
import { CastVoteHandler, castVoteMetrics } from './votes/cast-vote.handler.ts';
import { usedChallengesProvider } from './votes/used-challenges.ts';
import { VoteMetrics, voteMetrics } from './votes/vote-metrics.ts';
import { VoteWaits, voteWaitsMetrics } from './votes/vote-waits.ts';
import { humanCheckMetrics, humanCheckProvider } from './votes/human-check.provider.ts';
import { VotesController } from './votes/votes.controller.ts';

const NO_PHOTOS = 'no photo can be taken, and all are served as they were stored: sharp cannot be loaded';

/** Takes votes and the administrators' commands, and appends them to the event log. */
@Module({
  imports: [CqrsModule.forRoot(), AuthModule],
  controllers: [
    VotesController,
    PollsController,
    ParticipantsController,
    PollResultsController,
    SharesController,
    PhotosController,
    BusyNetworksController,
  ],
  providers: [
    AddressRecord,
    BusyNetworks,
    BallotBox,
    BoxOpener,
    { provide: CursorCodec, inject: [SECRETS], useFactory: ({ cursor }: Secrets) => new CursorCodec(cursor) },
    { provide: RehearsalKeys, inject: [SECRETS], useFactory: ({ evidence }: Secrets) => new RehearsalKeys(evidence) },
    { provide: CheckSeal, inject: [SECRETS], useFactory: ({ token }: Secrets) => new CheckSeal(token) },
    { provide: Passes, inject: [SECRETS], useFactory: ({ passe }: Secrets) => new Passes(passe) },
    EvidenceKeys,
    EvidenceKeyWatch,
    PollDirectory,
    LogWatch,
    PhotoSizes,
    PhotoStore,
    {
      provide: PhotoEncoder,
      inject: [PinoLogger],
      useFactory: async (logger: PinoLogger) => {
        const sharp = await loadSharp('Jpeg', 'Png', 'Webp').catch((error: unknown) => {
          logger.warn({ err: error }, NO_PHOTOS);
          return undefined;
        });
        return new PhotoEncoder(sharp);
      },
    },
    PollRepository,
    PollScheduler,
    PollSealer,
    usedChallengesProvider,
    BallotBoxReader,
    CastVoteHandler,
    CreatePollHandler,
    ChangePollHandler,
    ...ballotBoxMetrics,
    VoteMetrics,
    ...castVoteMetrics,
    ...voteMetrics,
    VoteWaits,
    ...voteWaitsMetrics,
    humanCheckProvider,
    ...humanCheckMetrics,
  ],
  exports: [BallotBox, PollDirectory, BusyNetworks],
})
export class CommandApiModule implements NestModule {
  constructor(private readonly host: HttpAdapterHost<FastifyAdapter>) {}

  /** Photos come as they are. */
  configure(): void {
    acceptFiles(this.host.httpAdapter.getInstance(), PHOTO_TYPES);
  }
}
