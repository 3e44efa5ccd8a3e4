import type { QuarantineReason } from '#domain';

import type { Finding, FindingCode, Place } from '../findings.ts';
import type { Check, CheckId, Detail } from '../report.ts';
import type { ExportFault } from '../export/lines.ts';
import { brasiliaHour, number } from './formats.ts';
import { inState, isLong, place, say, time, times } from './values.ts';

/** Every word that a check, a finding or a reason is told with, in Brazilian Portuguese. Nothing else in the project words them. */

const TITLES: Readonly<Record<CheckId, string>> = {
  source: 'O arquivo é o que o seu manifesto diz',
  order: 'A ordem não tem falhas',
  ids: 'Cada evento tem um identificador válido',
  bytes: 'Cada evento pode ser lido e está na forma canônica',
  times: 'Os horários dos votos são possíveis',
  closing: 'O encerramento está completo e no lugar certo',
  sums: 'As somas fecham',
  independent: 'A recontagem independente (SQL) chega ao mesmo resultado',
  'read-model': 'A apuração guardada pelo serviço confere com a recontagem',
  published: 'O total publicado confere com a recontagem',
  commitment: 'O registro contém o que foi auditado antes',
};

const DETAILS: Readonly<Record<Detail['code'], (detail: Detail) => string>> = {
  'not-asked': () => 'não pedido',
  'not-given': () => 'não informado',
  'no-manifest': () => 'lido do próprio registro, que não tem manifesto',
  further: () => 'não comparado: vai além do ponto em que a leitura parou',
  file: ({ name }) => `exportação ${name ?? ''}`,
  'events-in-order': ({ count = 0 }) => `${number(count)} eventos, revisões e posições em sequência`,
  'event-ids': ({ count = 0 }) => `${number(count)} identificadores`,
  'events-read': ({ count = 0 }) => `${number(count)} eventos lidos e comparados com a sua forma canônica`,
  times: () => 'voto, validade do desafio e registro',
  cut: ({ at }) => `corte na revisão ${at ?? ''}`,
  open: () => 'votação aberta, ainda sem corte',
  'no-cut': () => 'sem corte na urna',
  sum: ({ count = 0, parts = [] }) => `${number(count)} eventos = ${parts.map(number).join(' + ')}`,
  sql: () => 'a mesma urna contada por SQL, sem o código da apuração',
  'nothing-stored': () => 'nada guardado',
  'at-position': ({ at }) => `na posição ${at ?? ''}`,
  'at-revision': ({ name, at }) => `${name ?? ''}, na revisão ${at ?? ''}`,
  'up-to': ({ at }) => `SHA-256 até ${at ?? ''}`,
};

/** The parts of a tally, a total and a manifest. */
const PARTS: Readonly<Record<string, string>> = {
  events: 'eventos na urna',
  revision: 'última revisão',
  duplicates: 'duplicados',
  late: 'atrasados',
  expired: 'expirados',
  quarantined: 'em quarentena',
  cuts: 'fechamentos na urna',
  cut: 'revisão do corte',
  total: 'total',
  final: 'final',
  complete: 'completo',
  digest: 'digest',
  poll: 'votação',
  openedPosition: 'posição da abertura',
  minutes: 'minutos',
  quarantine: 'quarentena',
  clock: 'relógio',
  windowUntil: 'fim da janela de identificadores',
  ids: 'identificadores lembrados',
};

const REASONS: Readonly<Record<QuarantineReason, string>> = {
  'unknown-event': 'tipo ou versão que o programa não conhece',
  'other-rule': 'voto de outra versão que a das regras desta votação',
  'not-canonical': 'não está na forma canônica',
  'impossible-time': 'um horário que nenhum calendário tem',
  'not-utf-8': 'os bytes não são texto UTF-8',
  'not-json': 'os bytes não são um objeto JSON',
  'bad-field': 'falta um campo, ou ele é de outro tipo',
  'unknown-participant': 'voto para participante que não existe',
};

const FAULTS: Readonly<Record<ExportFault, string>> = {
  empty: 'está vazio',
  'not-json': 'não é um objeto JSON',
  'not-an-export': 'não é uma exportação do Paredão',
  'unknown-version': 'versão desconhecida',
  'bad-header': 'o cabeçalho está incompleto',
  'bad-event': 'não é um evento',
  'bad-manifest': 'o manifesto está incompleto',
  'behind-manifest': 'há algo depois do manifesto',
  'no-end-of-line': 'falta o fim da linha',
  'too-long': 'a linha é longa demais',
  compression: 'a compressão está danificada',
  'differs-from-manifest': 'não é o que o manifesto diz',
};

type Sides = readonly [expected: string, actual: string];
const RECOUNTED: Sides = ['recontado', 'guardado'];
const PUBLISHED: Sides = ['recontado', 'publicado'];

const FINDINGS: Readonly<Record<FindingCode, (finding: Finding) => string>> = {
  'broken-line': ({ at, actual }) => `linha ${number(at.line ?? 0)}: ${FAULTS[actual as ExportFault]}`,
  'missing-manifest': () => 'o arquivo termina antes do manifesto',
  'manifest-differs': ({ at, expected, actual }) =>
    `manifesto: ${at.stream === undefined ? '' : `${at.stream}: `}${at.part ?? ''} ${say(expected)}, no arquivo ${say(actual)}`,
  'no-events': ({ at }) => `não há nenhum evento da votação ${at.poll ?? ''}`,
  'missing-revisions': ({ at: { stream = '', revision = '', lastRevision } }) =>
    lastRevision === revision
      ? `${stream}: falta a revisão ${revision}`
      : `${stream}: faltam as revisões ${revision} a ${lastRevision ?? ''}`,
  'revision-out-of-order': ({ at, expected }) => `${place(at)}: era a vez da revisão ${say(expected)}`,
  'position-out-of-order': ({ at, expected, actual }) =>
    `${place(at)}: a posição ${say(actual)} vem depois da ${say(expected)}`,
  'recorded-earlier': ({ at, expected, actual }) =>
    `${place(at)}: registrado em ${time(actual)}, antes do anterior (${time(expected)})`,
  'invalid-event-id': ({ at, actual }) => `${place(at)}: "${say(actual)}" não é um UUID`,
  'repeated-event-id': ({ at, actual }) => `${place(at)}: o identificador ${say(actual)} já é de outro evento`,
  quarantined: ({ at, actual }) => `${place(at)}: ${wordReason(say(actual))}`,
  'not-canonical': ({ at, actual }) => `${place(at)}: ${say(actual)} não está na forma canônica`,
  'forged-photo': ({ at }) => `${place(at)}: a foto não é a que os seus bytes deveriam ser`,
  'missing-photo': ({ at }) => `${at.stream ?? ''}: a foto não está no registro`,
  'impossible-times': ({ at, actual }) => `${place(at)}: ${times(actual)}`,
  'impossible-lifetime': ({ at, actual }) =>
    `${place(at)}: desafio com uma validade que nenhum serviço dá: ${times(actual)}`,
  'event-of-another-poll': ({ at, actual }) => `${place(at)}: é da votação ${say(actual)}`,
  'decision-out-of-state': ({ at, actual }) => `${place(at)}: ${inState(actual)}`,
  'recorded-at-another-time': ({ at, expected, actual }) =>
    `${place(at)}: encerrada em ${time(expected)}, registrado em ${time(actual)}`,
  'vote-before-opening': ({ at }) => `${place(at)}: voto antes da abertura da votação`,
  'vote-after-closing': ({ at, expected, actual }) =>
    `${place(at)}: voto de ${time(actual)}, depois do encerramento (${time(expected)}), antes do corte`,
  'cut-out-of-state': ({ at, actual }) => `${place(at)}: a urna foi fechada (${inState(actual)})`,
  'missing-cut': ({ expected }) => `encerrada em ${time(expected)}, e a urna não foi fechada`,
  'seal-without-cut': ({ at }) =>
    `o lacre aponta o corte na revisão ${at.revision ?? ''}, que não é um fechamento da urna`,
  'outcomes-do-not-add-up': ({ expected, actual }) =>
    `${say(expected)} eventos na urna, mas os resultados somam ${say(actual)}`,
  'hours-do-not-add-up': ({ expected, actual }) => `${say(expected)} votos contados, mas as horas somam ${say(actual)}`,
  'recounts-differ': (finding) => compared(finding, ['na recontagem SQL', 'na apuração']),
  'tally-differs': (finding) => compared(finding, RECOUNTED),
  'tally-digest-differs': ({ actual }) => `o digest guardado (${say(actual)}) não é o dos números guardados`,
  'window-too-late': ({ expected, actual }) =>
    `início da janela de identificadores: ${say(actual)} guardado, no máximo ${say(expected)}`,
  'no-tally': ({ at }) => `o serviço não guardou nenhuma apuração da votação ${at.poll ?? ''}`,
  'not-a-tally': ({ at }) => `o que está guardado da votação ${at.poll ?? ''} não é uma apuração`,
  'published-differs': (finding) => compared(finding, PUBLISHED),
  'behind-the-log': ({ expected }) =>
    `parou antes do fim do registro: o evento seguinte foi registrado em ${time(expected)}`,
  'commitment-differs': ({ expected, actual }) => `${say(expected)} antes, ${say(actual)} agora`,
};

export const wordTitle = (id: CheckId): string => TITLES[id];
export const wordDetail = (detail: Detail): string => DETAILS[detail.code](detail);
export const wordFinding = (finding: Finding): string => FINDINGS[finding.code](finding);
export const wordSource = ({
  kind,
  path,
}: {
  readonly kind: 'sqlite' | 'eventstoredb' | 'export';
  readonly path?: string;
}): string =>
  ({ sqlite: `SQLite em ${path ?? ''}`, eventstoredb: 'EventStoreDB', export: `exportação ${path ?? ''}` })[kind];

/** Sentences that earlier versions stored with their tallies. */
const STORED: readonly (readonly [RegExp, QuarantineReason])[] = [
  [/^unknown event /, 'unknown-event'],
  [/^not a canonical /, 'not-canonical'],
  [/^not a time/, 'impossible-time'],
  [/^not UTF-8$/, 'not-utf-8'],
  [/^not a JSON object$/, 'not-json'],
  [/^\w+: bad /, 'bad-field'],
  [/^unknown participant$/, 'unknown-participant'],
];

/** Why an event is in quarantine. */
export function wordReason(stored: string): string {
  const reason = STORED.find(([sentence]) => sentence.test(stored))?.[1] ?? stored;
  return (REASONS as Readonly<Record<string, string>>)[reason] ?? stored;
}

/** A check with its words, for those who show it elsewhere. */
export const wordCheck = ({ id, detail, findings }: Check): { title: string; detail: string; findings: string[] } => ({
  title: wordTitle(id),
  detail: wordDetail(detail),
  findings: findings.map(wordFinding),
});

function compared({ at, expected, actual }: Finding, [recounted, claimed]: Sides): string {
  if (isLong(expected) || isLong(actual)) return `${about(at)}: outro ${claimed} do que ${recounted}`;
  return `${about(at)}: ${say(actual)} ${claimed}, ${say(expected)} ${recounted}`;
}

function about({ participant, hour, part }: Place): string {
  if (participant !== undefined) {
    return (
      { name: `nome do participante ${participant}`, listed: `votos listados do participante ${participant}` }[
        part ?? ''
      ] ?? `votos do participante ${participant}`
    );
  }
  if (hour !== undefined) return `${part === 'total' ? 'total da hora' : 'hora'} ${brasiliaHour(hour)}`;
  return PARTS[part ?? ''] ?? part ?? '';
}
