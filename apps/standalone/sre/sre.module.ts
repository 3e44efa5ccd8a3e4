import { Module } from '@nestjs/common';

import { AuthModule } from '#auth';

import { CommandApiModule } from '../../command-api/command-api.module.ts';
import { QueryApiModule } from '../../query-api/query-api.module.ts';
import { Alertmanager } from './alertmanager.ts';
import { Alerts } from './alerts.ts';
import { Executions } from './executions.ts';
import { ProblemHistory } from './problem-history.ts';
import { RecentLines } from './recent-lines.ts';
import { Sampler } from './sampler.ts';
import { SreController } from './sre.controller.ts';

/** What `sre.html` shows: the log, the metrics and the busy networks of this process, live. */
@Module({
  imports: [AuthModule, CommandApiModule, QueryApiModule],
  controllers: [SreController],
  providers: [RecentLines, Executions, ProblemHistory, Sampler, Alertmanager, Alerts],
})
export class SreModule {}
