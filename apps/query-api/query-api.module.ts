import { Module } from '@nestjs/common';

import { AuthModule } from '#auth';
import { CursorCodec, Passes, RehearsalKeys } from '#contract/views';
import { SECRETS, type Secrets } from '#platform';

import { LiveTopics, liveMetrics } from './live/live-topics.ts';
import { PollListController } from './polls/polls.controller.ts';
import { ResultsController } from './results/results.controller.ts';
import { PublicPolls } from './results/public-polls.ts';
import { Results } from './results/results.ts';
import { Screens } from './stage/screens.ts';
import { CardPictures } from './share/card-pictures.ts';
import { ShareController } from './share/share.controller.ts';
import { SharedPolls } from './share/shared-polls.ts';
import { StageController } from './stage/stage.controller.ts';
import { Tallies, talliesMetrics } from './tallies.ts';
import { TotalsController } from './totals/totals.controller.ts';
import { Boletins } from './urna/boletins.ts';
import { PublishedLogs } from './urna/published-logs.ts';
import { UrnaAccess } from './urna/urna-access.ts';
import { UrnaFiles } from './urna/urna-files.ts';
import { UrnaFilesController } from './urna/urna-files.controller.ts';
import { UrnaPapersController } from './urna/urna-papers.controller.ts';
import { UrnaVotesController } from './urna/urna-votes.controller.ts';
import { UrnaWitnesses } from './urna/urna-witnesses.ts';
import { Urnas } from './urna/urnas.ts';
import { VoteIndex } from './urna/vote-index.ts';
import { VotesFiles } from './urna/votes-files.ts';
import { Zeresimas } from './urna/zeresimas.ts';

/** Answers what was counted, from memory; and hands out ballot boxes, from the stores. */
@Module({
  imports: [AuthModule],
  controllers: [
    ...[ResultsController, TotalsController, PollListController, StageController, ShareController],
    ...[UrnaFilesController, UrnaPapersController, UrnaVotesController],
  ],
  providers: [
    Tallies,
    LiveTopics,
    Results,
    Screens,
    PublicPolls,
    SharedPolls,
    CardPictures,
    ...[UrnaAccess, Urnas, PublishedLogs, UrnaFiles, Zeresimas, UrnaWitnesses, Boletins, VoteIndex, VotesFiles],
    { provide: RehearsalKeys, inject: [SECRETS], useFactory: ({ evidence }: Secrets) => new RehearsalKeys(evidence) },
    { provide: CursorCodec, inject: [SECRETS], useFactory: ({ cursor }: Secrets) => new CursorCodec(cursor) },
    { provide: Passes, inject: [SECRETS], useFactory: ({ passe }: Secrets) => new Passes(passe) },
    ...talliesMetrics,
    ...liveMetrics,
  ],
  exports: [LiveTopics, SharedPolls],
})
export class QueryApiModule {}
