import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { Boletim, UrnaPath, UrnaQuery, Zeresima } from '#contract';
import { Answers, ApiProblems, Environment, Takes } from '#platform';

import { boletimPaper } from './boletim-paper.ts';
import { Boletins } from './boletins.ts';
import { type AskedUrna, UrnaAccess } from './urna-access.ts';
import { REFUSED, WHEN, describe } from './urna-answers.ts';
import { zeresimaPaper } from './zeresima-paper.ts';
import { Zeresimas } from './zeresimas.ts';

/** A page of its own: it loads one style sheet, and runs nothing. */
const PAGE_POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const [HTML, JSON_TYPE] = ['text/html; charset=utf-8', 'application/json; charset=utf-8'];
const PAGE = { 'text/html': { schema: { type: 'string' } } } as const;

const FROM_OPENING = 'For whoever may see the poll, from its opening on: it tells no counts.';
const OPENING_REFUSED = ['poll-not-found', ...REFUSED] as const;
const END_REFUSED = ['poll-not-closed', 'poll-not-counted', ...REFUSED] as const;

type Paper = 'zeresima' | 'boletim';

/** What a ballot box says before the first vote, and at its end: to print, and as JSON. */
@ApiTags('urna')
@Controller('urna/:paredao')
export class UrnaPapersController {
  constructor(
    private readonly access: UrnaAccess,
    private readonly zeresimas: Zeresimas,
    private readonly boletins: Boletins,
    private readonly environment: Environment,
  ) {}

  @Get('zeresima')
  @Takes({ path: UrnaPath, query: UrnaQuery })
  @ApiOperation({
    summary: 'The zerésima to print: the box is empty, and this is what is voted on',
    description: FROM_OPENING,
  })
  @ApiResponse({ status: 200, description: 'A page', content: PAGE })
  @ApiProblems(...OPENING_REFUSED)
  async zeresimaPage(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('paredao') paredao: string,
    @Query('chave') chave?: string,
  ): Promise<string> {
    const zeresima = await this.zeresimaOf(request, reply, { paredao, chave }, HTML);
    return zeresimaPaper(zeresima, pathOf('zeresima.json', { paredao, chave }));
  }

  @Get('zeresima.json')
  @Takes({ path: UrnaPath, query: UrnaQuery })
  @ApiOperation({ summary: 'The same as JSON', description: FROM_OPENING })
  @Answers('What the box said first, and what was signed of it', Zeresima)
  @ApiProblems(...OPENING_REFUSED)
  zeresima(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('paredao') paredao: string,
    @Query('chave') chave?: string,
  ): Promise<Zeresima> {
    return this.zeresimaOf(request, reply, { paredao, chave }, JSON_TYPE);
  }

  @Get('boletim')
  @Takes({ path: UrnaPath, query: UrnaQuery })
  @ApiOperation({ summary: 'The boletim to print: the totals, and what was signed of the box', description: WHEN })
  @ApiResponse({ status: 200, description: 'A page', content: PAGE })
  @ApiProblems(...END_REFUSED)
  async boletimPage(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('paredao') paredao: string,
    @Query('chave') chave?: string,
  ): Promise<string> {
    const boletim = await this.boletimOf(request, reply, { paredao, chave }, HTML);
    return boletimPaper(boletim, pathOf('boletim.json', { paredao, chave }));
  }

  @Get('boletim.json')
  @Takes({ path: UrnaPath, query: UrnaQuery })
  @ApiOperation({
    summary: 'The same as JSON: an anchor for an audit (`npm run audit -- --anchor`)',
    description: WHEN,
  })
  @Answers('The totals, and what was signed of the box', Boletim)
  @ApiProblems(...END_REFUSED)
  boletim(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('paredao') paredao: string,
    @Query('chave') chave?: string,
  ): Promise<Boletim> {
    return this.boletimOf(request, reply, { paredao, chave }, JSON_TYPE);
  }

  private async zeresimaOf(
    request: FastifyRequest,
    reply: FastifyReply,
    asked: AskedUrna,
    type: string,
  ): Promise<Zeresima> {
    const { tally, isPublic } = await this.access.admitToOpening(request, asked);
    const zeresima = await this.zeresimas.of(tally, this.addressOf(request, 'zeresima', asked));
    // what is not signed yet is so in a second
    describePaper(reply, isPublic && zeresima.checkpoint !== null, type);
    return zeresima;
  }

  private async boletimOf(
    request: FastifyRequest,
    reply: FastifyReply,
    asked: AskedUrna,
    type: string,
  ): Promise<Boletim> {
    const { tally, isPublic } = await this.access.admit(request, asked);
    const boletim = await this.boletins.of(tally, this.addressOf(request, 'boletim', asked));
    describePaper(reply, isPublic, type);
    return boletim;
  }

  private addressOf({ protocol, host }: FastifyRequest, paper: Paper, asked: AskedUrna): string {
    return `${this.environment.publicOrigin ?? `${protocol}://${host}`}${pathOf(paper, asked)}`;
  }
}

const pathOf = (file: string, { paredao, chave }: AskedUrna): string =>
  `/urna/${paredao}/${file}${chave === undefined ? '' : `?${new URLSearchParams({ chave }).toString()}`}`;

function describePaper(reply: FastifyReply, isPublic: boolean, type: string): void {
  describe(reply, { isPublic }, 'seconds', type);
  if (type === HTML) void reply.header('content-security-policy', PAGE_POLICY);
}
