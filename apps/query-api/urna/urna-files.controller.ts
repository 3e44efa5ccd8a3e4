import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { TilePath, UrnaLogPath, UrnaQuery } from '#contract';
import { ApiProblems, Environment, Takes, acceptedEncodings, varyBy } from '#platform';
import { hostOf } from '#seal';

import { type Admitted, UrnaAccess } from './urna-access.ts';
import { PLAIN, REFUSED, WHEN, describe } from './urna-answers.ts';
import { UrnaFiles } from './urna-files.ts';
import { PublishedLogs } from './published-logs.ts';
import { type UrnaLog, Urnas, logOf } from './urnas.ts';

const TEXT = { 'text/plain': { schema: { type: 'string' } } } as const;
const BYTES = { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } } as const;

/** The ballot boxes as static transparency logs (C2SP tlog-tiles). */
@ApiTags('urna')
@Controller('urna')
export class UrnaFilesController {
  constructor(
    private readonly access: UrnaAccess,
    private readonly urnas: Urnas,
    private readonly published: PublishedLogs,
    private readonly files: UrnaFiles,
    private readonly environment: Environment,
  ) {}

  @Get('vkey')
  @ApiOperation({
    summary: 'The keys of the deployment, with which it signs those of each ballot box; the newest first',
  })
  @ApiResponse({ status: 200, description: 'Verifier keys (C2SP signed-note), one a line', content: TEXT })
  @ApiProblems()
  deploymentKeys(@Res({ passthrough: true }) reply: FastifyReply): string {
    describe(reply, { isPublic: true }, 'seconds', PLAIN);
    return lines(this.urnas.deploymentKeys(hostOf(this.environment.publicOrigin)));
  }

  @Get(':paredao/:urna/checkpoint')
  @Takes({ path: UrnaLogPath, query: UrnaQuery })
  @ApiOperation({
    summary: 'The last checkpoint of a log, signed, with the cosignatures of witnesses',
    description: WHEN,
  })
  @ApiResponse({ status: 200, description: 'A signed note (C2SP tlog-checkpoint)', content: TEXT })
  @ApiProblems(...REFUSED)
  async checkpoint(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('paredao') paredao: string,
    @Param('urna') name: string,
    @Query('chave') chave?: string,
  ): Promise<string> {
    const admitted = await this.access.admit(request, { paredao, chave });
    const { note } = await this.published.checkpoint(await this.logOf(admitted, name));
    describe(reply, admitted, 'seconds', PLAIN);
    return note;
  }

  @Get(':paredao/:urna/vkey')
  @Takes({ path: UrnaLogPath, query: UrnaQuery })
  @ApiOperation({ summary: 'The key that signs the checkpoints of a log', description: WHEN })
  @ApiResponse({ status: 200, description: 'A verifier key (C2SP signed-note)', content: TEXT })
  @ApiProblems(...REFUSED)
  async logKey(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('paredao') paredao: string,
    @Param('urna') name: string,
    @Query('chave') chave?: string,
  ): Promise<string> {
    const admitted = await this.access.admit(request, { paredao, chave });
    const { vkey } = await this.logOf(admitted, name);
    describe(reply, admitted, 'forEver', PLAIN);
    return lines([vkey]);
  }

  @Get(':paredao/:urna/tile/*')
  @Takes({ path: TilePath, query: UrnaQuery })
  @ApiOperation({
    summary: 'Hashes of a log, or a bundle of its entries (`entries/…`), 256 each; they never change',
    description: WHEN,
  })
  @ApiResponse({
    status: 200,
    description: 'As C2SP tlog-tiles has them; entries packed where the client takes gzip',
    content: BYTES,
  })
  @ApiProblems(...REFUSED, 'tile-not-found', 'urna-busy')
  async tile(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('paredao') paredao: string,
    @Param('urna') name: string,
    @Query('chave') chave?: string,
  ): Promise<Uint8Array> {
    const admitted = await this.access.admit(request, { paredao, chave });
    const { plain, packed } = await this.files.file(
      await this.logOf(admitted, name),
      (request.params as { '*': string })['*'],
    );
    describe(reply, admitted, 'forEver', 'application/octet-stream');
    if (packed === undefined) return plain;
    varyBy(reply, 'accept-encoding');
    if (!acceptedEncodings(request.headers['accept-encoding']).has('gzip')) return plain;
    void reply.header('content-encoding', 'gzip');
    return packed();
  }

  private async logOf({ tally }: Admitted, name: string): Promise<UrnaLog> {
    return logOf(await this.urnas.of(tally.snapshot.poll), name);
  }
}

const lines = (texts: readonly string[]): string => texts.map((text) => `${text}\n`).join('');
