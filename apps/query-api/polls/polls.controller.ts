import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';

import { RequiresRole } from '#auth';
import { ApiProblems } from '#platform';

import { Tallies } from '../tallies.ts';
import { PollListView, pollListView } from './polls.view.ts';

/** The history, and what is prepared. */
@ApiTags('produção')
@Controller('paredoes')
export class PollListController {
  constructor(private readonly tallies: Tallies) {}

  @Get()
  @Header('cache-control', 'no-store')
  @RequiresRole('producao', 'auditor', 'admin')
  @ApiOperation({ summary: 'Every poll with its result, the newest first; those that are prepared too' })
  @ApiOkResponse({ type: PollListView })
  @ApiProblems('read-model-unavailable')
  list(): PollListView {
    return pollListView(this.tallies.all());
  }
}
