import { Body, Controller, Get, HttpCode, Param, Post, Put, Query, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiBody, ApiConsumes, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { RequiresRole } from '#auth';
import { PHOTO_TYPES, ParticipantPath, PhotoPath, PhotoQuery, Poll, REFUSALS, StoredPhoto } from '#contract';
import { pollView } from '#contract/views';
import { isoTime } from '#domain';
import { Answers, ApiProblems, BodyLimit, ProblemError, RateLimited, Takes } from '#platform';

import { ChangePoll } from '../polls/poll.commands.ts';
import { participantNumber } from '../polls/participant-number.ts';
import { PhotoEncoder } from './photo-encoder.ts';
import { PhotoSizes } from './photo-sizes.ts';
import { PhotoStore } from './photo.store.ts';
import { InvalidPhotoError, typeOf } from './photo.ts';

const UPLOAD_LIMIT_BYTES = 1_000_000;
const BINARY = { type: 'string', format: 'binary' };
const FOR_EVER = 'public, max-age=31536000, immutable';
/** For a photo in place of a size of it that could not be made. */
const A_MINUTE = 'public, max-age=60';

/** Whoever opens a photo by itself gets a picture and nothing that could act. */
const PHOTO_HEADERS = {
  'content-disposition': 'inline; filename="foto"',
  'content-security-policy': "default-src 'none'; sandbox",
  'cross-origin-resource-policy': 'same-origin',
};

/** Photos of the participants: administrators bring them, everybody sees them. */
@Controller()
export class PhotosController {
  constructor(
    private readonly photos: PhotoStore,
    private readonly encoder: PhotoEncoder,
    private readonly sizes: PhotoSizes,
    private readonly commands: CommandBus,
  ) {}

  @Post('fotos')
  @ApiTags('administração')
  @RequiresRole('admin')
  @RateLimited()
  @BodyLimit(UPLOAD_LIMIT_BYTES)
  @ApiOperation({ summary: 'Store a photo, for polls that name it later' })
  @ApiConsumes(...PHOTO_TYPES)
  @ApiBody({ schema: BINARY })
  @Answers('Where it is', StoredPhoto, 201)
  @ApiProblems(...REFUSALS.store)
  async store(@Body() body: unknown): Promise<StoredPhoto> {
    return { foto: `/fotos/${await this.photos.put(await this.encoder.encode(sentIn(body)))}` };
  }

  @Put('paredoes/:id/participantes/:numero/foto')
  @ApiTags('administração')
  @HttpCode(200)
  @RequiresRole('admin')
  @RateLimited()
  @BodyLimit(UPLOAD_LIMIT_BYTES)
  @ApiOperation({
    summary: 'Give a participant a photo: PNG, JPEG or WebP, 64 pixels a side to 16 megapixels, up to 1 MB',
  })
  @Takes({ path: ParticipantPath })
  @ApiConsumes(...PHOTO_TYPES)
  @ApiBody({ schema: BINARY })
  @Answers('The poll with the photo', Poll)
  @ApiProblems(...REFUSALS.upload)
  async upload(
    @Param('id') id: string,
    @Param('numero') numero: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
  ): Promise<Poll> {
    const photo = await this.photos.put(await this.encoder.encode(sentIn(body)));
    const [at, by] = [isoTime(Date.now()), request.principal?.name ?? ''];
    const change = { type: 'ChangePhoto', number: participantNumber(numero), photo, at, by } as const;
    return pollView(await this.commands.execute(new ChangePoll(id, change)));
  }

  @Get('fotos/:hash')
  @ApiTags('votação')
  @RateLimited()
  @Takes({ path: PhotoPath, query: PhotoQuery })
  @ApiOperation({ summary: 'A photo by the SHA-256 of its bytes, or made narrower; it never changes' })
  @ApiResponse({
    status: 200,
    description: 'The photo; it may be cached without limit',
    content: Object.fromEntries(PHOTO_TYPES.map((type) => [type, { schema: BINARY }])),
  })
  @ApiProblems('malformed-request', 'not-found', 'uri-too-long', 'too-many-requests', 'log-unavailable')
  async show(
    @Param('hash') hash: string,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Query('w') width?: string,
  ): Promise<Buffer> {
    const stored = /^[0-9a-f]{64}$/.test(hash) ? await this.photos.get(hash) : undefined;
    if (stored === undefined) throw new ProblemError('not-found');
    const fitting = width === undefined ? stored : await this.sizes.fit(hash, stored, Number(width));
    const bytes = fitting ?? stored;
    void reply.headers({
      ...PHOTO_HEADERS,
      'cache-control': fitting === undefined ? A_MINUTE : FOR_EVER,
      'content-type': typeOf(bytes),
    });
    return bytes;
  }
}

/** @throws InvalidPhotoError */
function sentIn(body: unknown): Buffer {
  if (Buffer.isBuffer(body)) return body;
  throw new InvalidPhotoError('no photo was sent');
}
