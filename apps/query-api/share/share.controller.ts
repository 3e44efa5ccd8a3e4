import { Controller, Get, Header, Query, Req } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';

import { CardQuery, ShareHeadQuery } from '#contract';
import { DomainError } from '#domain';
import { ApiProblems, Takes } from '#platform';

import { CardPictures } from './card-pictures.ts';
import { cardSvg, emptyCardSvg } from './card-svg.ts';
import { SharedPolls } from './shared-polls.ts';

/** A card that is old by more is not shown any more. */
const A_MINUTE = 'public, max-age=60';

/** What chats and networks show of a link to a poll. */
@ApiTags('resultado')
@Controller()
export class ShareController {
  constructor(
    private readonly polls: SharedPolls,
    private readonly pictures: CardPictures,
  ) {}

  @Get('cartao.png')
  @Header('cache-control', A_MINUTE)
  @Header('content-type', 'image/png')
  @Takes({ query: CardQuery })
  @ApiOperation({
    summary: 'A picture of a poll, 1200 × 630 pixels, for links to it',
    description: 'Title, purpose and participants; the shares only once the result is proclaimed.',
  })
  @ApiResponse({
    status: 200,
    description: 'The picture, as PNG',
    content: { 'image/png': { schema: { type: 'string', format: 'binary' } } },
  })
  @ApiProblems('malformed-request', 'poll-not-found', 'card-unavailable', 'read-model-unavailable')
  card(@Query('paredao') pollId?: string): Promise<Buffer> {
    return this.pictures.of(this.svg(pollId));
  }

  @Get('cartao/meta')
  @Header('cache-control', 'no-cache')
  @Header('content-type', 'text/html; charset=utf-8')
  @Takes({ query: ShareHeadQuery })
  @ApiProduces('text/html')
  @ApiOperation({ summary: 'The Open Graph elements of a page, which the gateway puts into its head' })
  @ApiResponse({
    status: 200,
    description: '`meta` elements, each in a line',
    content: { 'text/html': { schema: { type: 'string' } } },
  })
  @ApiProblems('malformed-request')
  head(@Query('pagina') page: string, @Req() request: FastifyRequest): string {
    return this.polls.head(page, request);
  }

  private svg(pollId: string | undefined): string {
    try {
      return cardSvg(this.polls.view(pollId));
    } catch (error) {
      if (pollId === undefined && error instanceof DomainError) return emptyCardSvg();
      throw error;
    }
  }
}
