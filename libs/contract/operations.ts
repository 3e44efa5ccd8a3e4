import Type, { type Static } from 'typebox';

import { count, listOf, moment, named, oneOf, orNull, text } from './schema.ts';

/** Levels of the log, as the operations page filters them. */
export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const quantile = (share: string) =>
  orNull(
    Type.Number({ description: `Latency that ${share} of the requests stay below, in seconds; null without any` }),
  );

const LATENCY = {
  p50_segundos: quantile('50 %'),
  p95_segundos: quantile('95 %'),
  p99_segundos: quantile('99 %'),
};

const perSecond = (what: string) => Type.Number({ description: `${what} per second` });

export const LogEvent = named(
  'LogEvent',
  {
    numero: count('Counts the lines of this process'),
    nivel: oneOf(LOG_LEVELS, 'Level'),
    registrado_em: moment('When the line was written'),
    origem: text('Part of the service that wrote it'),
    mensagem: text('What happened'),
    dados: Type.Record(Type.String(), Type.Unknown(), { description: 'All other fields of the line' }),
  },
  'A line of the log',
);
export type LogEvent = Static<typeof LogEvent>;

export const Sample = named(
  'Sample',
  {
    medido_em: moment('The second that it is of'),
    pedidos: perSecond('Requests'),
    votos: perSecond('Requests to vote'),
    recusas: perSecond('Answers of 400 to 499'),
    falhas: perSecond('Answers of 500 and more'),
    ...LATENCY,
  },
  'The service at one second; the latency is that of votes',
);
export type Sample = Static<typeof Sample>;

export const RouteUse = named('RouteUse', {
  rota: text('Method and path', 'POST /votar/:participante'),
  por_segundo: perSecond('Requests'),
  ...LATENCY,
});
export type RouteUse = Static<typeof RouteUse>;

export const ProblemCount = named('ProblemCount', {
  codigo: text('Code of a problem', 'poll-not-open'),
  pedidos: count('Requests that were answered with it in the last five minutes'),
});
export type ProblemCount = Static<typeof ProblemCount>;

export const BusyNetwork = named('BusyNetwork', {
  rede: text('As a line of the deny file has it', '203.0.113.9/32'),
  pedidos: count('Challenges that it asked for in the minute, granted or not', { examples: [4512] }),
  vezes: Type.Number({ description: 'How many times its allowance', examples: [205] }),
});
export type BusyNetwork = Static<typeof BusyNetwork>;

/** `GET /sre/redes` */
export const BusyNetworkList = named('BusyNetworkList', {
  redes: listOf(BusyNetwork, 'The busiest first'),
});
export type BusyNetworkList = Static<typeof BusyNetworkList>;

/** The frames of `/sre/aovivo`. */
export const Operations = named(
  'Operations',
  {
    nivel: text('Level from which the service logs', 'info'),
    eventos: listOf(LogEvent, 'Lines of the log, the oldest first'),
    amostras: listOf(Sample, 'One a second, the oldest first'),
    rotas: listOf(RouteUse, 'Routes that were used in the last seconds, the busiest first'),
    problemas: listOf(ProblemCount, 'The most frequent first'),
    redes: listOf(BusyNetwork, 'The busiest first'),
  },
  'How the service does: the first frame has the last minutes, the others what is new, some of it twice',
);
export type Operations = Static<typeof Operations>;

/** `GET /health/*`, in the format of terminus. */
const checks = Type.Object({}, { additionalProperties: true });
export const Health = named(
  'Health',
  {
    status: oneOf(['ok', 'error', 'shutting_down'], 'Whether it can'),
    info: Type.Optional({ ...checks, description: 'Checks that passed, by name' }),
    error: Type.Optional({ ...checks, description: 'Checks that failed, by name' }),
    details: { ...checks, description: 'All of them, by name' },
  },
  'Whether the process can do its work',
);
export type Health = Static<typeof Health>;
