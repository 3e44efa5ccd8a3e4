import Type, { type Static } from 'typebox';

import { ANNOUNCED_PATTERN, MAX_ANNOUNCED_LENGTH } from './announced.ts';
import { POLL_STATES, Participant, PollQuery, REHEARSAL_PROPERTIES } from './polls.ts';
import { count, flag, listOf, moment, named, oneOf, orNull, queryOf, seconds, text } from './schema.ts';
import { DIGEST, NOT_COUNTED } from './totals.ts';
import { Votes, withVotes } from './votes-by-number.ts';

/** Two revisions of 19 digits beside 64 hexadecimal ones, characters. */
const MAX_COMMITMENT_LENGTH = 120;

const paredao = text('Id of the poll', '1');

const PollAudit = named('PollAudit', {
  paredao,
  ...REHEARSAL_PROPERTIES,
  titulo: text('Title', 'Quem fica na casa?'),
  participantes: listOf(Participant, 'In the order of their numbers'),
  estado: oneOf(POLL_STATES, 'State of the poll'),
  eventos_administrativos: count('Events of the stream of decisions'),
  eventos_na_urna: orNull(
    count(
      'Events of the ballot box in the log, or as many as were looked for while the projection is far behind; null when it is shorter than what was counted',
    ),
  ),
  eventos_contados: count('Events of the ballot box that the tally has folded'),
  votos: count('Counted votes'),
  ...NOT_COUNTED,
  final: flag('The closing cut is in: nothing changes any more'),
  digest: DIGEST,
});

const AuditPace = named(
  'AuditPace',
  {
    duracao_segundos: seconds(
      'How long a whole audit of any of them takes now, all the others recounted in it: by estimate',
    ),
    eventos: count('Events of all ballot boxes, which it reads'),
    eventos_por_segundo: Type.Number({ description: 'Events that it reads per second' }),
    medido_em: orNull(moment('When this process measured that; null: it is what the documentation says')),
  },
  'How long a whole audit takes',
);
export type AuditPace = Static<typeof AuditPace>;

/** `GET /auditoria/estado` */
export const AuditState = named(
  'AuditState',
  {
    log: Type.Object({
      posicao: text('Position of the end of the whole log', '125034'),
      registrado_em: orNull(moment('When the last event was recorded; null in an empty log')),
    }),
    contagem: Type.Object({
      versao: text('Version of the read model that is active', '6-0'),
      posicao: text('Position up to which the tallies hold', '125034'),
      atualizado_em: orNull(moment('When the projector wrote last; null before')),
      atraso_segundos: seconds('How far the tallies are behind the log; 0 when caught up'),
    }),
    auditoria: AuditPace,
    paredoes: listOf(PollAudit, 'The latest first'),
  },
  'The log and what was counted from it, side by side',
);
export type AuditState = Static<typeof AuditState>;

const HourComparison = named('HourComparison', {
  hora: moment('Start of the hour'),
  log: Votes,
  contagem: Votes,
  confere: flag('Whether both agree'),
});

const Finding = named('Finding', {
  code: text('Stable: program against this', 'missing-revisions'),
  at: Type.Object({}, { additionalProperties: true, description: 'Where: stream, revision, participant, hour, part' }),
  expected: Type.Unknown({ description: 'Any JSON' }),
  actual: Type.Unknown({ description: 'Any JSON' }),
});

export const Check = named('Check', {
  titulo: text('What is checked'),
  resultado: oneOf(['confere', 'difere', 'nao-verificado'], 'How it ended'),
  detalhe: text('In a sentence: what was looked at, or why nothing was'),
  como_verificar: orNull(text('What would verify it; null where it was verified')),
  diferencas: Type.Array(Type.String(), { description: 'The first findings, in words' }),
  observacoes: Type.Array(Type.String(), {
    description: 'Unusual findings with a possible honest cause, in words; they do not fail the audit',
  }),
  achados: listOf(Finding, 'The findings as data'),
});

/** How far the ballot box is anchored in something that was kept outside of the service. */
export const ancorado = orNull(
  named('Anchoring', {
    folhas: count(
      'Leaves of the ballot box that something which was kept outside of the service proves; 0 is no error',
    ),
    de: count('Leaves up to the end of the count'),
  }),
);

const Side = withVotes('Side', { ...NOT_COUNTED, digest: DIGEST });

/** What an auditor brings to compare with, beside the poll. */
export const AuditQuery = queryOf({
  ...PollQuery.properties,
  anunciado: Type.Optional(
    Type.String({
      pattern: ANNOUNCED_PATTERN,
      maxLength: MAX_ANNOUNCED_LENGTH,
      description: 'The result as it was announced: the total, and the votes or the share of each participant',
      examples: ['total=1.001.471; 1=62,73%; 2=373000'],
    }),
  ),
  compromisso: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: MAX_COMMITMENT_LENGTH,
      description: 'The commitment of an earlier report, of either version',
    }),
  ),
});

/** `conferencia` of `GET /auditoria/conferencia` */
export const Reconciliation = named(
  'Reconciliation',
  {
    paredao,
    ...REHEARSAL_PROPERTIES,
    posicao: text('Position of the log up to which both go', '125034'),
    confere: flag(
      'Whether the recount equals the stored tally, names included, and the tally is not far behind; findings about the log itself are in the checks',
    ),
    ancorado,
    verificacoes: listOf(Check, 'What was checked'),
    participantes: listOf(Participant, 'In the order of their numbers'),
    por_hora: listOf(HourComparison, 'Every hour that one of the two has'),
    log: Side,
    contagem: Side,
    compromisso: text("Binds the poll's id, its decisions up to the closing and its box up to the cut"),
    compromisso_urna: text('Version 1: SHA-256 over the ballot box alone, and its revision'),
    conferido_em: moment('When the recount was done'),
  },
  'A recount from the log beside the stored tally, both up to the same position',
);
export type Reconciliation = Static<typeof Reconciliation>;

/** `progresso` of `GET /auditoria/conferencia` */
export const ReconciliationProgress = named('ReconciliationProgress', {
  eventos: count('Events that were read so far'),
  fracao: Type.Number({ description: 'Share that is done, 0 to 1' }),
});
export type ReconciliationProgress = Static<typeof ReconciliationProgress>;

const fluxo = Type.String({ pattern: '^(votes|poll)-[1-9][0-9]{0,8}$', description: 'Stream', examples: ['votes-1'] });
const revisao = Type.String({
  pattern: '^(0|[1-9][0-9]{0,17})$',
  description: 'Revision in the stream',
  examples: ['41'],
});

export const QuarantineStreamPath = Type.Object({ fluxo });
export const QuarantinePath = Type.Object({ fluxo, revisao });
export const QuarantineQuery = queryOf({
  depois: Type.Optional({ ...revisao, description: 'Only events after this revision; without it, from the first one' }),
});

const QUARANTINED = {
  fluxo: text('Stream', 'votes-1'),
  revisao: text('Revision in the stream', '41'),
  posicao: text('Position in the log', '57'),
  motivo: text('Why, in words', 'não está na forma canônica'),
  codigo: text('Stable: program against this', 'not-canonical'),
};

export const QuarantinedEvent = named('QuarantinedEvent', QUARANTINED, 'An event that could not be read, and why');
export type QuarantinedEvent = Static<typeof QuarantinedEvent>;

export const PollQuarantine = named('PollQuarantine', {
  paredao,
  quantidade: count('All of them; listed are the first ones'),
  eventos: listOf(QuarantinedEvent, 'The first of them'),
});
export type PollQuarantine = Static<typeof PollQuarantine>;

export const QuarantinedRecord = named(
  'QuarantinedRecord',
  {
    ...QUARANTINED,
    tipo: text('Type of the event', 'VoteCast'),
    versao: count('Version of the event', { examples: [1] }),
    id: Type.String({ format: 'uuid', description: 'Id of the event' }),
    registrado_em: moment("When it was recorded, by the log's own clock"),
    tamanho: count('Size of the data, in bytes'),
    texto: orNull(text('The first 2 KiB as text; null when they are not UTF-8')),
    hexadecimal: text('The first 2 KiB in hexadecimal digits'),
  },
  'A quarantined event as it stands in the log',
);
export type QuarantinedRecord = Static<typeof QuarantinedRecord>;

export const AdminAction = named(
  'AdminAction',
  {
    paredao,
    revisao: text("Place in the poll's stream of decisions", '0'),
    registrado_em: moment("When it was recorded, by the log's own clock"),
    evento: text('Type of the event', 'PollOpened'),
    quem: orNull(text('User; null where the service itself acted', 'admin')),
    o_que: text('What was done', 'Encerrou a votação'),
  },
  'A decision about a poll, as it stands in the log',
);
export type AdminAction = Static<typeof AdminAction>;

/** Forms of an export. */
const EXPORT_FORMATS = ['ndjson', 'csv', 'planilha'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export const ExportQuery = queryOf({
  ...PollQuery.properties,
  formato: Type.Optional(
    oneOf(
      EXPORT_FORMATS,
      'Complete and compressed; a table for programs; a table for a spreadsheet in Brazilian Portuguese. `ndjson` unless it is said',
    ),
  ),
});
