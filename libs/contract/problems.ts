import Type, { type Static } from 'typebox';

import { named, oneOf, text } from './schema.ts';

/** One way a request can fail, as clients see it: RFC 9457 problem details with a stable code. */
export interface ProblemKind {
  readonly status: number;
  /** What the public reads, in Brazilian Portuguese. */
  readonly title: string;
  readonly retryAfterSeconds?: number;
}

/** The one table that gives every code its HTTP status and its words. Codes are never reused for another meaning. */
export const PROBLEMS = {
  'malformed-request': { status: 400, title: 'O pedido não está no formato esperado.' },
  'invalid-cursor': { status: 400, title: 'Esta posição não é válida.' },
  'invalid-title': { status: 400, title: 'O título precisa ter de 1 a 120 caracteres.' },
  'invalid-name': { status: 400, title: 'O nome precisa ter de 1 a 60 caracteres.' },
  'invalid-participants': { status: 400, title: 'O paredão precisa de dois a dez participantes com nomes diferentes.' },
  'invalid-reason': {
    status: 400,
    title: 'Isto só é possível com um motivo, de 1 a 200 caracteres, que o público lê.',
  },
  'invalid-rules': {
    status: 400,
    title: 'O regulamento precisa ter até 5.000 caracteres, sem caracteres de controle.',
  },
  'invalid-schedule': {
    status: 400,
    title: 'Os horários precisam estar no futuro, e o encerramento depois da abertura.',
  },
  'invalid-photo': {
    status: 400,
    title: 'A foto precisa ser PNG, JPEG ou WebP, com 64 pixels de lado ou mais e até 16 megapixels.',
  },
  'invalid-seal': { status: 400, title: 'Esta conferência não pode ser assinada. Confira de novo.' },
  unauthenticated: { status: 401, title: 'É preciso entrar com usuário e senha.' },
  'invalid-credentials': { status: 401, title: 'Usuário ou senha incorretos.' },
  forbidden: { status: 403, title: 'Este usuário não tem acesso a isto.' },
  'human-check-invalid': { status: 403, title: 'Não foi possível confirmar que você é uma pessoa. Tente de novo.' },
  'human-check-expired': { status: 403, title: 'A verificação expirou. Tente de novo.' },
  'captcha-invalid': { status: 403, title: 'A verificação de que você é uma pessoa não passou. Tente de novo.' },
  'address-denied': { status: 403, title: 'Pedidos do seu endereço de rede foram bloqueados.' },
  'cross-site-request': { status: 403, title: 'Este pedido veio da página de outro site.' },
  'not-found': { status: 404, title: 'Não existe nada neste endereço.' },
  'poll-not-found': { status: 404, title: 'Este paredão não existe.' },
  'rules-not-found': { status: 404, title: 'Este paredão não tem regulamento.' },
  'participant-not-found': { status: 404, title: 'Este participante não está no paredão.' },
  'photo-not-found': { status: 404, title: 'Esta foto não está guardada. Envie de novo.' },
  // the same for a poll that there is not and one whose ballot box is not published yet: nobody learns which
  'urna-not-found': { status: 404, title: 'Não há urna publicada neste endereço. Ela é publicada com o resultado.' },
  'urna-of-earlier-version': {
    status: 404,
    title: 'Este paredão é de uma versão anterior, que não selava a urna.',
  },
  'urna-foreign': {
    status: 404,
    title: 'A urna deste paredão foi aberta por outra instalação. É ela quem a publica.',
  },
  'tile-not-found': { status: 404, title: 'A urna publicada não tem esta parte.' },
  'method-not-allowed': { status: 405, title: 'Este endereço não aceita este método.' },
  'request-timeout': { status: 408, title: 'O pedido demorou demais para chegar.' },
  'poll-not-open': { status: 409, title: 'A votação não está aberta.' },
  // no fault of the service, so no 5xx: alarms and load balancers leave it alone, and no page sends again by itself
  'poll-paused': { status: 409, title: 'A votação está pausada. Este voto não foi registrado agora.' },
  'poll-not-closed': { status: 409, title: 'A votação ainda está aberta.' },
  'poll-not-counted': {
    status: 409,
    title: 'Os últimos votos ainda estão sendo contados. Espere um pouco.',
    retryAfterSeconds: 5,
  },
  'poll-annulled': { status: 409, title: 'Este paredão foi anulado.' },
  'check-outdated': { status: 409, title: 'Uma conferência mais recente não confere. Confira de novo.' },
  'poll-not-annulled': { status: 409, title: 'Só um paredão anulado pode ser substituído.' },
  'poll-not-draft': { status: 409, title: 'Isto só é possível enquanto o paredão é um rascunho.' },
  'poll-not-proclaimed': { status: 409, title: 'O resultado ainda não foi proclamado.' },
  'shares-not-on-cue': { status: 409, title: 'A divulgação deste paredão não é sob comando.' },
  'poll-already-open': { status: 409, title: 'Já existe um paredão aberto.' },
  'poll-exists': { status: 409, title: 'Outra pessoa criou um paredão ao mesmo tempo. Tente de novo.' },
  'users-read-only': { status: 409, title: 'Nesta instalação, quem a opera troca as senhas (npm run password).' },
  'poll-changed': { status: 409, title: 'O paredão mudou. Confira os nomes e vote de novo.' },
  'human-check-used': { status: 409, title: 'Esta verificação já foi usada em outro voto.' },
  'audit-running': {
    status: 409,
    title: 'Já há uma conferência ou exportação em andamento. Espere que ela termine.',
    retryAfterSeconds: 10,
  },
  'wrong-expected-revision': { status: 409, title: 'Outra pessoa mudou o paredão ao mesmo tempo. Tente de novo.' },
  'payload-too-large': { status: 413, title: 'O pedido é grande demais.' },
  'uri-too-long': { status: 414, title: 'O endereço é longo demais.' },
  'unsupported-media-type': { status: 415, title: 'O pedido precisa ser JSON (application/json).' },
  'too-many-requests': { status: 429, title: 'Pedidos demais. Espere um pouco.', retryAfterSeconds: 5 },
  'too-many-challenges': {
    status: 429,
    title: 'Muita gente votando da mesma rede. Espere um pouco.',
    retryAfterSeconds: 10,
  },
  'headers-too-large': { status: 431, title: 'Os cabeçalhos do pedido são grandes demais.' },
  'internal-error': { status: 500, title: 'Algo deu errado do nosso lado.' },
  'log-unavailable': { status: 503, title: 'Não foi possível registrar agora. Tente de novo.', retryAfterSeconds: 2 },
  // another instance may be of a later version
  'unreadable-event': {
    status: 503,
    title: 'O registro deste paredão tem algo que este serviço não sabe ler: ele é mais antigo que o registro.',
    retryAfterSeconds: 60,
  },
  'append-too-large': {
    status: 503,
    title: 'Não foi possível registrar agora. Tente de novo.',
    retryAfterSeconds: 60,
  },
  'evidence-key-mismatch': {
    status: 503,
    title: 'Não foi possível registrar agora. Tente de novo.',
    retryAfterSeconds: 5,
  },
  'captcha-unavailable': {
    status: 503,
    title: 'A verificação de que você é uma pessoa está indisponível. Tente de novo.',
    retryAfterSeconds: 5,
  },
  'users-not-stored': {
    status: 503,
    title: 'A senha não pôde ser gravada agora; a de antes continua valendo. Tente de novo.',
    retryAfterSeconds: 30,
  },
  'photos-unavailable': {
    status: 503,
    title: 'Este servidor não consegue receber fotos. As que já existem continuam.',
    retryAfterSeconds: 60,
  },
  'card-unavailable': {
    status: 503,
    title: 'A imagem deste paredão não pode ser feita agora.',
    retryAfterSeconds: 30,
  },
  'urna-not-sealed': {
    status: 503,
    title: 'A urna ainda não foi selada até aqui. Tente de novo.',
    retryAfterSeconds: 2,
  },
  'urna-busy': { status: 503, title: 'Muita gente lendo a urna agora. Tente de novo.', retryAfterSeconds: 2 },
  'photos-busy': { status: 503, title: 'Há fotos demais na fila agora. Tente de novo.', retryAfterSeconds: 5 },
  'queue-full': { status: 503, title: 'Muita gente votando agora. Tente de novo.', retryAfterSeconds: 2 },
  'shutting-down': { status: 503, title: 'O serviço está reiniciando. Tente de novo.', retryAfterSeconds: 2 },
  'read-model-unavailable': { status: 503, title: 'O resultado está indisponível agora.', retryAfterSeconds: 2 },
  'too-many-streams': { status: 503, title: 'Muita gente acompanhando ao vivo agora.', retryAfterSeconds: 5 },
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof PROBLEMS;

export const PROBLEM_CODES = Object.keys(PROBLEMS) as ProblemCode[];

/** Body of an error answer (`application/problem+json`, RFC 9457). */
export const Problem = named(
  'Problem',
  {
    type: text('The code as a URN', 'urn:paredao:problem:poll-not-open'),
    title: text('What the public reads', 'A votação não está aberta.'),
    status: Type.Integer({ description: 'HTTP status', examples: [409] }),
    code: { ...oneOf(PROBLEM_CODES, 'Stable: program against this'), examples: ['poll-not-open'] },
    detail: Type.Optional(text('What exactly was wrong, where the client can do something about it')),
  },
  'Why a request was refused (RFC 9457)',
);
export type Problem = Static<typeof Problem>;
