import { Module } from '@nestjs/common';

import { AuthModule } from '#auth';

import { CommandApiModule } from '../../command-api/command-api.module.ts';
import { QueryApiModule } from '../../query-api/query-api.module.ts';
import { Executions } from './executions.ts';
import { RecentLines } from './recent-lines.ts';
import { SreController } from './sre.controller.ts';

/** What `sre.html` shows: the log, the metrics and the busy networks of this process, live. */
@Module({
  imports: [AuthModule, CommandApiModule, QueryApiModule],
  controllers: [SreController],
  providers: [RecentLines, Executions],
})
export class SreModule {}
