import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

import { CAPTCHA_PROVIDER_NAMES, type CaptchaProviderName } from '#human-check';

import type { ProblemCode } from '#platform';

/** Every way in which a vote is refused, beside what can happen to any request. */
export const VOTE_PROBLEMS = [
  'malformed-request',
  'cross-site-request',
  'human-check-invalid',
  'human-check-expired',
  'captcha-invalid',
  'captcha-unavailable',
  'participant-not-found',
  'poll-not-open',
  'poll-changed',
  'human-check-used',
  'payload-too-large',
  'uri-too-long',
  'unsupported-media-type',
  'too-many-requests',
  'log-unavailable',
  'queue-full',
  'evidence-key-mismatch',
] as const satisfies ProblemCode[];

/** What the contract says of a vote, and of the two answers to one that counts. */
export const VOTE_OPERATION = {
  summary: 'Cast a vote; the answer leaves when the vote is durable',
  description:
    'A challenge is one vote. Sent again for the same participant it gets the vote that it is (200), for another one 409 `human-check-used`: also after a restart and at another instance, as soon as that has read the vote in the ballot box. In the moment before, and for a use that came more than a million votes ago, the answer is 201, and what counts is the vote that stands first in the ballot box. After a start, challenges from before get 503 `log-unavailable` until the votes of the last minutes were read.',
};
export const STORED =
  'Stored. Of two votes with one challenge that reach two instances in the same moment, the first counts';
export const REPEATED =
  'This challenge was voted with before: the first answer again. Where another instance gave it, or this one before a restart, `registradoEm` may be a whole minute';

/** Longest solution that is read, characters of base64: about twice what a solver sends. */
const MAX_SOLUTION_LENGTH = 2048;
/** A poll's id, a hyphen and eight digits. */
const MAX_CEDULA_LENGTH = 64;
/** Longest token of a provider, characters; the longest of them have about half as many. */
const MAX_TOKEN_LENGTH = 8192;

export const VOTE_BODY_SCHEMA = {
  type: 'object',
  required: ['altcha'],
  additionalProperties: false,
  properties: {
    altcha: {
      type: 'string',
      minLength: 1,
      maxLength: MAX_SOLUTION_LENGTH,
      description:
        'base64 of the JSON { challenge: { parameters, signature }, solution: { counter, derivedKey } }, without white space, the parameters in the order in which they came',
    },
    cedula: {
      type: 'string',
      maxLength: MAX_CEDULA_LENGTH,
      description: 'names the ballot that the voter saw, as /paredao says; another one, or none, is 409 poll-changed',
    },
    captcha: {
      type: 'string',
      minLength: 1,
      maxLength: MAX_TOKEN_LENGTH,
      description: 'token of the widget, where the challenge named one',
    },
  },
};

export interface VoteBody {
  readonly altcha: string;
  readonly cedula?: string;
  readonly captcha?: string;
}

const text = { type: 'string' };

export const VOTE_ANSWER_SCHEMA = {
  type: 'object',
  properties: {
    voto: {
      type: 'object',
      properties: { id: text, paredao: text, participante: { type: 'integer' }, registradoEm: text, posicao: text },
    },
  },
};

class StoredVoteView {
  @ApiProperty({ description: 'Id of the challenge that was solved', example: '9f86d081884c7d659a2feaa0c55ad015' })
  id!: string;
  @ApiProperty({ example: '1' }) paredao!: string;
  @ApiProperty({ example: 1 }) participante!: number;
  @ApiProperty({ format: 'date-time' }) registradoEm!: string;
  @ApiProperty({ description: 'Opaque; give it to /resultado?desde= to see a result that includes this vote' })
  posicao!: string;
}

export class VoteView {
  @ApiProperty({ type: StoredVoteView }) voto!: StoredVoteView;
}

class CaptchaView {
  @ApiProperty({ enum: CAPTCHA_PROVIDER_NAMES }) provedor!: CaptchaProviderName;
  @ApiProperty({ description: 'Site key' }) chave!: string;
  @ApiProperty({ example: 'votar' }) acao!: string;
  @ApiProperty({ description: 'Where the widget is loaded from' }) script!: string;
}

/** The ALTCHA v2 challenge, and how long it is good for. */
export class ChallengeView {
  @ApiProperty({ type: 'object', additionalProperties: true, description: 'ALTCHA v2 parameters' }) parameters!: object;
  @ApiProperty({ description: 'HMAC-SHA-256 over the parameters' }) signature!: string;
  @ApiProperty({ description: 'Seconds the challenge is still good for, whatever the clock of the device says' })
  validoPor!: number;
  @ApiProperty({
    example: '1-7f2a91c4',
    description: 'The ballot that is open now: a page that shows another one reads /paredao again',
  })
  cedula!: string;
  @ApiPropertyOptional({ type: CaptchaView, description: 'The vote needs a token of this widget as well' })
  captcha?: CaptchaView;
}
