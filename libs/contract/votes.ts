import Type, { type Static } from 'typebox';

import { MAX_PARTICIPANTS } from '#domain';

import { REHEARSAL_PROPERTIES } from './polls.ts';
import { bodyOf, count, moment, named, oneOf, seconds, text } from './schema.ts';

/** Longest solution that is read, characters of base64: about twice what a solver sends. */
const MAX_SOLUTION_LENGTH = 2048;
/** A poll's id, a hyphen and eight digits. */
const MAX_CEDULA_LENGTH = 64;
/** Longest token of a provider, characters; the longest of them have about half as many. */
const MAX_TOKEN_LENGTH = 8192;

/** Services whose widget may be asked for besides the proof of work. */
export const CAPTCHA_PROVIDER_NAMES = ['turnstile', 'hcaptcha', 'recaptcha'] as const;
export type CaptchaProviderName = (typeof CAPTCHA_PROVIDER_NAMES)[number];

/** Names a participant in a path. */
export const ParticipantNumber = oneOf(
  Array.from({ length: MAX_PARTICIPANTS }, (_, index) => String(index + 1)),
  'The participants of a poll are numbered from 1; a number that it does not have is 404',
);

export const VotePath = Type.Object({ participante: ParticipantNumber });

/** What proves that a person votes, and the ballot that the voter saw. */
export const VoteBody = bodyOf('VoteBody', {
  altcha: Type.String({
    minLength: 1,
    maxLength: MAX_SOLUTION_LENGTH,
    description:
      'base64 of the JSON { challenge: { parameters, signature }, solution: { counter, derivedKey } }, without white space, the parameters in the order in which they came',
    examples: ['eyJjaGFsbGVuZ2UiOnsicGFyYW1ldGVycyI6ey4uLn0sInNpZ25hdHVyZSI6Ii4uLiJ9LCJzb2x1dGlvbiI6ey4uLn19'],
  }),
  cedula: Type.Optional(
    Type.String({
      maxLength: MAX_CEDULA_LENGTH,
      description:
        'Names the ballot that the voter saw, from /paredao. Without it, or with another one: 409 `poll-changed`',
      examples: ['1-7f2a91c4'],
    }),
  ),
  captcha: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: MAX_TOKEN_LENGTH,
      description: 'Token of the widget, where the challenge named one',
    }),
  ),
});
export type VoteBody = Static<typeof VoteBody>;

/** A vote that is stored. */
export const CastVote = named('CastVote', {
  id: text('Id of the challenge that was solved', '9f86d081884c7d659a2feaa0c55ad015'),
  paredao: text('Id of the poll', '1'),
  ...REHEARSAL_PROPERTIES,
  participante: count('Number of the participant', { examples: [1] }),
  registrado_em: moment('When the vote was taken'),
  posicao: text(
    'Opaque; give it to /resultado?desde= to see a result that includes this vote',
    'kq3b0pXvJm2uZt8yWc1dAg',
  ),
});
export type CastVote = Static<typeof CastVote>;

/** `POST /votar/{participante}` */
export const VoteAnswer = named('VoteAnswer', {
  voto: CastVote,
  passe: text(
    'Shows that its sender has voted in this poll: give it back to `/resultado` and its stream in the header `passe`. The same for everybody who voted in the same hour; good until the poll ends',
    '2026-11-23T22.kq3b0pXvJm2uZt8yWc1dAg',
  ),
  recibo: Type.Optional(
    text(
      'Proves to whoever has it that this vote was put into the ballot box (docs/receipts.md): some 1,100 characters of base64url. Whoever sees it sees the vote. Absent where receipts are off, in polls of earlier versions, and where a challenge is voted with again long after its vote',
      'AQXqk2mP0Yc5…',
    ),
  ),
});
export type VoteAnswer = Static<typeof VoteAnswer>;

/** Names and meanings are those of ALTCHA version 2; only `data` is ours. */
export const AltchaParameters = named(
  'AltchaParameters',
  {
    algorithm: oneOf(['SHA-256'], 'Hash function'),
    cost: Type.Unsafe<1>({ type: 'integer', enum: [1], description: 'Hashes for each try' }),
    data: Type.Object(
      {
        captcha: Type.Optional(
          Type.Unsafe<true>({ type: 'boolean', description: 'The vote also needs a token of the widget' }),
        ),
        dificuldade: count('Most hashes it takes', { examples: [100_000] }),
        paredao: text('Id of the poll that it is good for', '1'),
      },
      { description: 'Fields of this service' },
    ),
    expiresAt: count('When it expires, Unix time in seconds', { examples: [1_795_474_890] }),
    keyLength: Type.Unsafe<32>({ type: 'integer', enum: [32], description: 'Bytes of the hash' }),
    keyPrefix: text('How the hash has to begin, hexadecimal', 'b5bb9d8014a0f9b1d61e21e796d78dcc'),
    nonce: text('16 bytes, hexadecimal', '6dd8b7d7d4f3a1e25a3bd9a2c6f1a7e0'),
    salt: text('16 bytes, hexadecimal', '7d865e959b2466918c9863afca942d0f'),
  },
  'The proof of work: find the counter for which SHA-256(salt ‖ nonce ‖ counter as 32-bit big-endian) begins with keyPrefix (ALTCHA version 2)',
);
export type AltchaParameters = Static<typeof AltchaParameters>;

export const CaptchaRequest = named(
  'CaptchaRequest',
  {
    provedor: oneOf(CAPTCHA_PROVIDER_NAMES, 'Who offers the widget'),
    chave: text('Site key'),
    acao: text('What the widget is rendered for', 'votar'),
    script: text('Where the widget is loaded from'),
  },
  'A widget whose token the vote needs as well',
);
export type CaptchaRequest = Static<typeof CaptchaRequest>;

/** `GET /desafio` */
export const Challenge = named(
  'Challenge',
  {
    parameters: AltchaParameters,
    signature: text('HMAC-SHA-256 over the parameters, hexadecimal'),
    valido_por_segundos: seconds('How long the challenge is still good for, whatever the clock of the device says'),
    rede_movimentada: Type.Optional(
      Type.Literal(true, {
        description: 'It is more work because this address, or its network, asks for many challenges',
      }),
    ),
    cedula: text('The ballot that is open now: a page that shows another one reads /paredao again', '1-7f2a91c4'),
    captcha: Type.Optional(CaptchaRequest),
  },
  'A challenge to solve; `parameters` and `signature` go back exactly as they came',
);
export type Challenge = Static<typeof Challenge>;
