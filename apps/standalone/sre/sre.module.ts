import { Module } from '@nestjs/common';

import { QueryApiModule } from '../../query-api/query-api.module.ts';
import { Executions } from './executions.ts';
import { RecentLines } from './recent-lines.ts';
import { SreController } from './sre.controller.ts';

/** What `sre.html` shows: the log and the metrics of this process, live. */
@Module({
  imports: [QueryApiModule],
  controllers: [SreController],
  providers: [RecentLines, Executions],
})
export class SreModule {}
