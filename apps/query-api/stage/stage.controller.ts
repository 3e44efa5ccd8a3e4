import { Body, Controller, Delete, Get, Param, Put, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { RequiresRole } from '#auth';
import { PollQuery, ScreenAnswer, ScreenBody, ScreenPath, Stage } from '#contract';
import { RehearsalKeys } from '#contract/views';
import type { Poll } from '#domain';
import { Answers, AnswersEvents, ApiProblems, Environment, Takes } from '#platform';

import { LiveTopics } from '../live/live-topics.ts';
import { optionalTally } from '../optional-tally.ts';
import { Tallies } from '../tallies.ts';
import { Screens } from './screens.ts';
import { stageView } from './stage-view.ts';

/** From one frame to the next, ms: a cue is on the wall soon, and who falls silent is noticed soon. */
const INTERVAL_MS = 250;

/** The stage: what is on the wall in the studio, and which screens show it. */
@ApiTags('palco')
@Controller('palco')
export class StageController {
  constructor(
    private readonly tallies: Tallies,
    private readonly live: LiveTopics,
    private readonly screens: Screens,
    private readonly environment: Environment,
    private readonly rehearsals: RehearsalKeys,
  ) {}

  @Get('aovivo')
  @RequiresRole('producao', 'auditor', 'admin')
  @Takes({ query: PollQuery })
  @ApiOperation({
    summary:
      'What the stage shows, and which screens show it, as server-sent events, four a second; read with fetch, as `/total/aovivo`',
  })
  @AnswersEvents('An event `palco` each quarter of a second; while there is nothing, a comment', { palco: Stage })
  @ApiProblems('malformed-request', 'poll-not-found', 'too-many-streams', 'read-model-unavailable')
  async follow(@Res() reply: FastifyReply, @Query('paredao') pollId?: string): Promise<void> {
    if (pollId !== undefined) this.tallies.get(pollId);
    await this.screens.refresh();
    this.live.follow('palco', pollId ?? '', reply, () => this.view(pollId), { intervalMs: INTERVAL_MS });
  }

  @Put('telas/:tela')
  @RequiresRole('producao', 'admin')
  @Takes({ checkedPath: ScreenPath, body: ScreenBody })
  @ApiOperation({ summary: 'A screen says which frame it shows, twice a second' })
  @Answers('It is known', ScreenAnswer)
  @ApiProblems(
    'malformed-request',
    'cross-site-request',
    'payload-too-large',
    'unsupported-media-type',
    'read-model-unavailable',
  )
  async report(@Param('tela') id: string, @Body() body: ScreenBody): Promise<ScreenAnswer> {
    const { nome: name, paredao: pollId, modo: mode, quadro_em: frame } = body;
    await this.screens.report({ id, name, pollId, mode, frame });
    return { tela: id };
  }

  @Delete('telas/:tela')
  @RequiresRole('producao', 'admin')
  @Takes({ checkedPath: ScreenPath })
  @ApiOperation({ summary: 'A screen says that it was closed: nobody is to wait for it' })
  @Answers('It is forgotten', ScreenAnswer)
  @ApiProblems('malformed-request', 'cross-site-request', 'read-model-unavailable')
  async forget(@Param('tela') id: string): Promise<ScreenAnswer> {
    await this.screens.forget(id);
    return { tela: id };
  }

  private view(pollId: string | undefined): Stage | undefined {
    const tally = optionalTally(this.tallies, pollId);
    if (tally === undefined) return undefined;
    const endereco = this.environment.publicOrigin ?? null;
    return stageView(tally, { endereco, caminho: this.pathOf(tally.snapshot.poll), telas: this.screens.list() });
  }

  /** Where people vote: of a rehearsal only whoever has its key. */
  private pathOf({ id, rehearsal }: Poll): string {
    if (rehearsal === undefined) return '/';
    return `/?${new URLSearchParams({ paredao: id, chave: this.rehearsals.of(id) }).toString()}`;
  }
}
