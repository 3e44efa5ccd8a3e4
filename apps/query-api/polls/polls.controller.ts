import { Controller, Get, Header } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';

import { RequiresRole } from '#auth';
import { PollList } from '#contract';
import { RehearsalKeys } from '#contract/views';
import { Answers, ApiProblems } from '#platform';

import { Tallies } from '../tallies.ts';
import { pollListView } from './poll-list-view.ts';

/** The history, and what is prepared. */
@ApiTags('produção')
@Controller('paredoes')
export class PollListController {
  constructor(
    private readonly tallies: Tallies,
    private readonly rehearsals: RehearsalKeys,
  ) {}

  @Get()
  @Header('cache-control', 'no-store')
  @RequiresRole('producao', 'auditor', 'admin')
  @ApiOperation({ summary: 'Every poll with its result, newest first, drafts included' })
  @Answers('Every poll that was not discarded', PollList)
  @ApiProblems('read-model-unavailable')
  list(): PollList {
    return pollListView(this.tallies.all(), this.rehearsals);
  }
}
