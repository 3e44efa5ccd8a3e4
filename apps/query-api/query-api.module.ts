import { Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';

import { AuthModule } from '#auth';

import { LiveTopics, liveMetrics } from './live/live-topics.ts';
import { PollListController } from './polls/polls.controller.ts';
import { GetResultHandler } from './results/result.query.ts';
import { ResultsController } from './results/results.controller.ts';
import { Tallies, talliesMetrics } from './tallies.ts';
import { GetTotalHandler } from './totals/total.query.ts';
import { TotalsController } from './totals/totals.controller.ts';

/** Answers what was counted, from memory. */
@Module({
  imports: [CqrsModule.forRoot(), AuthModule],
  controllers: [ResultsController, TotalsController, PollListController],
  providers: [Tallies, LiveTopics, GetResultHandler, GetTotalHandler, ...talliesMetrics, ...liveMetrics],
  exports: [LiveTopics],
})
export class QueryApiModule {}
