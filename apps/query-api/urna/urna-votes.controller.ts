import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { UrnaQuery, UrnaVotesPath } from '#contract';
import { FIRST_BOX } from '#domain';
import { ApiProblems, ProblemError, Takes } from '#platform';
import { VOTES_FOLDER } from '#receipts';

import { UrnaAccess } from './urna-access.ts';
import { REFUSED, WHEN, describe } from './urna-answers.ts';
import { Urnas } from './urnas.ts';
import { type AskedVotes, VotesFiles } from './votes-files.ts';

const BYTES = 'application/octet-stream';
const NUMBER = /^(0|[1-9]\d{0,9})$/;

/** Where a voter's page looks a vote up, among a thousand others. */
@ApiTags('urna')
@Controller(`urna/:paredao/:urna/${VOTES_FOLDER}`)
export class UrnaVotesController {
  constructor(
    private readonly access: UrnaAccess,
    private readonly urnas: Urnas,
    private readonly files: VotesFiles,
  ) {}

  @Get(':folhas/:bits/:prefixo')
  @Takes({ path: UrnaVotesPath, query: UrnaQuery })
  @ApiOperation({
    summary:
      'The votes whose ids begin alike, a thousand or more, with what proves that they are in the box; for receipts',
    description: `${WHEN} docs/receipts.md has the form. Of a box whose end is sealed, and of its last checkpoint only; it never changes.`,
  })
  @ApiResponse({
    status: 200,
    description: 'The votes, and the hashes that with them lead to the root',
    content: { [BYTES]: { schema: { type: 'string', format: 'binary' } } },
  })
  @ApiProblems(...REFUSED, 'tile-not-found', 'urna-busy')
  async votes(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param() { paredao, urna, folhas, bits, prefixo }: Record<string, string>,
    @Query('chave') chave?: string,
  ): Promise<Uint8Array> {
    const admitted = await this.access.admit(request, { paredao: paredao!, chave });
    if (urna !== String(FIRST_BOX)) throw new ProblemError('urna-not-found');
    const { poll, cut } = admitted.tally.snapshot;
    const { box } = await this.urnas.of(poll);
    const file = await this.files.file(box, cut, askedIn(folhas!, bits!, prefixo!));
    describe(reply, admitted, 'forEver', BYTES);
    return file;
  }
}

function askedIn(...texts: readonly [leaves: string, bits: string, prefix: string]): AskedVotes {
  if (!texts.every((text) => NUMBER.test(text))) throw new ProblemError('tile-not-found');
  const [leaves, bits, prefix] = texts.map(Number) as [number, number, number];
  return { leaves, bits, prefix };
}
