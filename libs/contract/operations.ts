import Type, { type Static } from 'typebox';

import { count, flag, listOf, moment, named, oneOf, orNull, queryOf, seconds, text } from './schema.ts';

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

/** Minutes that the operations page can look back. */
const SAMPLE_RANGES = ['1', '5', '15', '60', '360'] as const;

const queueAges = (most: string) => ({
  mais_antigo_segundos: seconds(`Age of the oldest vote that waits for the log${most}`),
  parado_segundos: seconds(`For so long votes have come in and none was stored, 0 while they are${most}`),
});

export const Sample = named(
  'Sample',
  {
    medido_em: moment('The end of the time that it is of'),
    periodo_segundos: seconds('Length of that time; between two samples that do not touch nothing was measured'),
    pedidos: perSecond('Requests'),
    votos: perSecond('Requests to vote'),
    votos_com_falha: perSecond('Votes that were answered with 500 and more'),
    recusas: perSecond('Answers of 400 to 499'),
    falhas: perSecond('Answers of 500 and more'),
    ...LATENCY,
    na_fila: count('Votes that wait for the log, the most in that time'),
    ...queueAges(', the most in that time'),
    atraso_segundos: seconds('How far the results are behind the log, the most in that time'),
  },
  'The service in a second or more; the latency is that of votes, of all of that time',
);
export type Sample = Static<typeof Sample>;

/** `GET /sre/amostras` */
export const SampleQuery = queryOf({
  minutos: Type.Optional(oneOf(SAMPLE_RANGES, 'How long ago they begin, 5 if nothing is said')),
});
export type SampleQuery = Static<typeof SampleQuery>;

export const SampleList = named(
  'SampleList',
  { amostras: listOf(Sample, 'The oldest first: of a second for 10 minutes, of 10 s for an hour, else of a minute') },
  'What happened in the last minutes, since the process started',
);
export type SampleList = Static<typeof SampleList>;

export const VoteQueue = named(
  'VoteQueue',
  {
    votos: count('Votes that wait for the log or are on their way to it'),
    limite: count('How many may'),
    ...queueAges(''),
  },
  'The votes that are not stored yet, at this moment',
);
export type VoteQueue = Static<typeof VoteQueue>;

const Runbook = named(
  'Runbook',
  {
    significa: text('What the alert means'),
    publico: text('What the public sees'),
    fazer: text('What to do'),
    acaba: text('How one knows that it is over'),
  },
  'The paragraph of docs/operations.md about an alert, in English',
);

export const FiringAlert = named('FiringAlert', {
  nome: text('Its name, which is that of its paragraph in docs/operations.md', 'VotesStandStill'),
  gravidade: oneOf(['critical', 'warning'], 'critical: now; warning: in the morning'),
  origem: oneOf(['processo', 'alertmanager'], 'Who says so: this process of itself, or Alertmanager of all of them'),
  desde_em: moment('When it began'),
  resumo: text('What is wrong'),
  descricao: text('What it is about, with numbers'),
  roteiro: orNull(Runbook),
});
export type FiringAlert = Static<typeof FiringAlert>;

const Instance = named(
  'Instance',
  {
    nome: text('Host and port', 'vm-1:3000'),
    versao: text('Version', '1.0.0'),
    desde_em: moment('When the process started'),
  },
  'The process whose numbers these are',
);

const link = (what: string) => orNull(text(`Address of ${what}, where one is configured`));

const OperationsLinks = named('OperationsLinks', {
  execucoes: link('the board Execuções in Grafana'),
  latencia: link('the board Latência in Grafana'),
  erros: link('the board Erros in Grafana'),
  registro: link('the errors in Graylog'),
});

export const RouteUse = named('RouteUse', {
  rota: text('Method and path', 'POST /votar/:participante'),
  por_segundo: perSecond('Requests'),
  ...LATENCY,
});
export type RouteUse = Static<typeof RouteUse>;

export const ProblemCount = named('ProblemCount', {
  codigo: text('Code of a problem', 'poll-not-open'),
  pedidos: count('Requests that were answered with it in the last hour, by earlier processes too'),
  por_minuto: listOf(
    orNull(count('Of one minute; null when no process ran')),
    'The last sixty minutes, the oldest first; the last is not over',
  ),
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
    instancia: Instance,
    nivel: text('Level from which the service logs', 'info'),
    fila: VoteQueue,
    alertas: listOf(FiringAlert, 'What fires now, the gravest first'),
    alertmanager: oneOf(
      ['ausente', 'responde', 'calado'],
      'Whether Alertmanager is asked: not configured, it answers, or it does not',
    ),
    atalhos: OperationsLinks,
    eventos: listOf(LogEvent, 'Lines of the log, the oldest first'),
    amostras: listOf(Sample, 'One a second, the oldest first; what is older comes from /sre/amostras'),
    rotas: listOf(RouteUse, 'Routes that were used in the last seconds, the busiest first'),
    problemas: listOf(ProblemCount, 'The most frequent first'),
    historico_gravado: flag('Whether the history of the problems outlives the process'),
    redes: listOf(BusyNetwork, 'The busiest first'),
  },
  'How the service does: the first frame has the last minute, the others what is new, some of it twice',
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
