import { Body, Controller, Get, HttpCode, Param, Put, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBody, ApiConsumes, ApiOkResponse, ApiOperation, ApiParam, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';

import {
  ApiProblems,
  BodyLimit,
  PHOTO_TYPES,
  PollView,
  ProblemError,
  RateLimited,
  RequiresRole,
  pollView,
} from '#platform';

import { ChangePoll } from '../polls/poll.commands.ts';
import { PARTICIPANT_PARAM, POLL_PARAM, participantNumber } from '../polls/polls.schemas.ts';
import { InvalidPhotoError } from './image.ts';
import { PhotoStore } from './photo.store.ts';
import { sanitise, typeOf } from './sanitise.ts';

/** A photo as it comes may have as much again in metadata. */
const UPLOAD_LIMIT_BYTES = 1_000_000;
const BINARY = { type: 'string', format: 'binary' };
const HASH_PARAM = { name: 'hash', schema: { type: 'string', pattern: '^[0-9a-f]{64}$' } };

/** Whoever opens a photo by itself gets a picture and nothing that could act. */
const PHOTO_HEADERS = {
  'cache-control': 'public, max-age=31536000, immutable',
  'content-disposition': 'inline; filename="foto"',
  'content-security-policy': "default-src 'none'; sandbox",
  'cross-origin-resource-policy': 'same-origin',
};

/** Photos of the participants: administrators bring them, everybody sees them. */
@Controller()
export class PhotosController {
  constructor(
    private readonly photos: PhotoStore,
    private readonly commands: CommandBus,
  ) {}

  @Put('paredoes/:id/participantes/:numero/foto')
  @ApiTags('administração')
  @HttpCode(200)
  @RequiresRole('admin')
  @RateLimited()
  @BodyLimit(UPLOAD_LIMIT_BYTES)
  @ApiOperation({ summary: 'Give a participant a photo: PNG, JPEG or WebP, 64 to 2048 pixels a side, up to 500 KB' })
  @ApiParam(POLL_PARAM)
  @ApiParam(PARTICIPANT_PARAM)
  @ApiConsumes(...PHOTO_TYPES)
  @ApiBody({ schema: BINARY })
  @ApiOkResponse({ type: PollView })
  @ApiProblems(
    'malformed-request',
    'cross-site-request',
    'invalid-photo',
    'poll-not-found',
    'participant-not-found',
    'poll-not-open',
    'wrong-expected-revision',
    'payload-too-large',
    'uri-too-long',
    'unsupported-media-type',
    'log-unavailable',
  )
  async upload(
    @Param('id') id: string,
    @Param('numero') numero: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
  ): Promise<PollView> {
    if (!Buffer.isBuffer(body)) throw new InvalidPhotoError('no photo was sent');
    const { bytes } = await sanitise(body);
    const photo = await this.photos.put(bytes);
    const [at, by] = [new Date().toISOString(), request.principal?.name ?? ''];
    const change = { type: 'ChangePhoto', number: participantNumber(numero), photo, at, by } as const;
    return pollView(await this.commands.execute(new ChangePoll(id, change)));
  }

  @Get('fotos/:hash')
  @ApiTags('votação')
  @RateLimited()
  @ApiOperation({ summary: 'A photo by the SHA-256 of its bytes; it never changes' })
  @ApiParam(HASH_PARAM)
  @ApiProduces(...PHOTO_TYPES)
  @ApiOkResponse({ content: Object.fromEntries(PHOTO_TYPES.map((type) => [type, { schema: BINARY }])) })
  @ApiProblems('malformed-request', 'not-found', 'uri-too-long', 'too-many-requests', 'log-unavailable')
  async show(@Param('hash') hash: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<Buffer> {
    const bytes = /^[0-9a-f]{64}$/.test(hash) ? await this.photos.get(hash) : undefined;
    const type = bytes && typeOf(bytes);
    if (bytes === undefined || type === undefined) throw new ProblemError('not-found');
    void reply.headers({ ...PHOTO_HEADERS, 'content-type': type });
    return bytes;
  }
}
