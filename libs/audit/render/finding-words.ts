import type { Finding, FindingCode, Value } from '../findings.ts';
import type { Check, CheckId, Detail } from '../report.ts';
import type { ExportFault } from '../export/lines.ts';
import { number } from './formats.ts';
import { ANNOUNCED_FINDINGS } from './announced-words.ts';
import { type Names, about } from './parts.ts';
import { wordReason } from './reason-words.ts';
import { NOT_MADE, type NotMadeCode, isNotMade } from './not-made-words.ts';
import { URNA_DETAILS, URNA_FINDINGS } from './urna-words.ts';
import { inState, isLong, place, repeated, say, sayVotes, time, times } from './values.ts';

/** All words for checks and findings, in Brazilian Portuguese: their only place in the project. */

const TITLES: Readonly<Record<CheckId, string>> = {
  source: 'O arquivo é o que o seu manifesto diz',
  polls: 'O registro e a apuração têm os mesmos paredões, sem lacunas',
  order: 'A ordem não tem falhas',
  ids: 'Cada evento tem um identificador válido',
  bytes: 'Cada evento pode ser lido e está na forma canônica',
  times: 'Os horários dos votos são possíveis',
  box: 'A zerésima e o fechamento da urna dizem o que foi decidido',
  closing: 'O encerramento está completo e no lugar certo',
  repeats: 'Um voto que se repete é o mesmo voto',
  evidence: 'Cada voto veio de um desafio deste serviço',
  sums: 'As somas fecham',
  independent: 'A recontagem independente (SQL) chega ao mesmo resultado',
  'read-model': 'A apuração guardada pelo serviço confere com a recontagem',
  published: 'O total que o serviço publica confere com a recontagem',
  announced: 'O que foi anunciado confere com a recontagem',
  commitment: 'O registro contém o que foi auditado antes',
  keys: 'As chaves da urna são deste serviço',
  checkpoints: 'A urna e os atos começam com tudo o que deles foi assinado',
  anchors: 'A urna e os atos começam com o que foi guardado fora do serviço',
  papers: 'Os boletins e as zerésimas guardados dizem o que o registro diz',
  receipts: 'Os votos dos recibos estão na urna e foram contados',
  'sign-off': 'O que foi assinado é o que o registro diz, e nada foi proclamado em silêncio',
};

const DETAILS: Readonly<Record<Exclude<Detail['code'], NotMadeCode>, (detail: Detail) => string>> = {
  file: ({ name }) => `exportação ${name ?? ''}`,
  'events-in-order': ({ count = 0 }) => `${number(count)} eventos, revisões e posições em sequência`,
  'event-ids': ({ count = 0 }) => `${number(count)} identificadores`,
  'events-read': ({ count = 0 }) => `${number(count)} eventos lidos e comparados com a sua forma canônica`,
  times: () => 'voto, validade do desafio e registro',
  cut: ({ at }) => `corte na revisão ${at ?? ''}`,
  open: () => 'votação aberta, ainda sem corte',
  'no-cut': () => 'sem corte na urna',
  opening: ({ count = 0 }) => `zerésima sobre os ${number(count)} primeiros atos do paredão`,
  sum: ({ count = 0, parts = [] }) => `${number(count)} eventos = ${parts.map(number).join(' + ')}`,
  sql: () => 'a mesma urna contada por SQL, sem o código da apuração',
  'nothing-stored': () => 'nada guardado',
  'at-position': ({ at }) => `na posição ${at ?? ''}`,
  'at-revision': ({ name, at }) => `${name ?? ''}, na revisão ${at ?? ''}`,
  polls: ({ count = 0 }) => `${number(count)} no registro`,
  'polls-recounted': ({ count = 0 }) => `${number(count)} no registro, cada um recontado`,
  repeats: () => 'participante, validade, preço e evidência',
  evidence: ({ count = 0 }) => `${number(count)} votos, com a chave que o lacre revelou`,
  announced: ({ count = 0 }) => (count === 1 ? '1 número anunciado' : `${number(count)} números anunciados`),
  unsigned: () => 'proclamado sem assinatura',
  signed: ({ name, at }) => `assinado por ${name ?? ''} em ${time(at ?? null)}`,
  ...URNA_DETAILS,
  'up-to': ({ at }) => `SHA-256 até ${at ?? ''}`,
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
const SIGNED: Sides = ['recontado', 'assinado'];
const OPENING: Sides = ['no registro do paredão', 'na zerésima'];
const PAPER: Sides = ['no registro', 'no papel'];
const PUBLISHED: Sides = ['recontado', 'publicado'];

const FINDINGS: Readonly<Record<FindingCode, (finding: Finding, names: Names) => string>> = {
  ...ANNOUNCED_FINDINGS,
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
  'missing-poll': ({ at }) => `falta o paredão ${at.poll ?? ''}`,
  'unknown-stream': ({ at }) => `${at.stream ?? ''}: não é de nenhum paredão`,
  'foreign-tally': ({ at }) => `há uma apuração do paredão ${at.poll ?? ''}, que o registro não tem`,
  'tally-ahead': ({ at, expected, actual }) =>
    `a apuração do paredão ${at.poll ?? ''} vai até a posição ${say(actual)}, o registro só até ${say(expected)}`,
  'checkpoint-ahead': ({ expected, actual }) =>
    `o serviço diz ter apurado até a posição ${say(actual)}, o registro só vai até ${say(expected)}`,
  'missing-events': ({ expected, actual }) =>
    `as posições do registro vão até ${say(expected)}, e há ${say(actual)} eventos`,
  'not-a-checkpoint': () => 'o serviço não diz até onde apurou',
  'invalid-event-id': ({ at, actual }) => `${place(at)}: "${say(actual)}" não é um UUID`,
  'repeated-event-id': ({ at, actual }) => `${place(at)}: o identificador é o de outro evento (revisão ${say(actual)})`,
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
    `${place(at)}: decidido em ${time(expected)}, registrado em ${time(actual)}`,
  'vote-before-opening': ({ at }) => `${place(at)}: voto antes da abertura da votação`,
  'vote-after-closing': ({ at, expected, actual }) =>
    `${place(at)}: voto de ${time(actual)}, depois do encerramento (${time(expected)}), antes do corte`,
  'cut-out-of-state': ({ at, actual }) => `${place(at)}: a urna foi fechada (${inState(actual)})`,
  'missing-cut': ({ expected }) => `encerrada em ${time(expected)}, e a urna não foi fechada`,
  'seal-without-cut': ({ at }) =>
    `o lacre aponta o corte na revisão ${at.revision ?? ''}, que não é um fechamento da urna`,
  'box-not-opened': ({ at, expected }) =>
    `${place(at)}: a urna, aberta em ${time(expected)}, não começa com a zerésima`,
  'box-opened-unasked': ({ at }) => `${place(at)}: uma zerésima numa urna que não tem nenhuma`,
  'box-opening-differs': (finding, names) => `${place(finding.at)}: ${compared(finding, OPENING, names)}`,
  'cut-acts-differ': ({ at }) => `${place(at)}: o fechamento da urna é de outros atos do que os do registro`,
  ...URNA_FINDINGS,
  'repeat-differs': ({ at, expected, actual }, names) =>
    `${place(at)}: ${repeated(expected, actual, names)}; validade, preço ou evidência não são os mesmos`,
  'raced-vote': ({ at, expected, actual }, names) =>
    `${place(at)}: ${repeated(expected, actual, names)}; só o primeiro conta`,
  'evidence-key-differs': () => 'a chave revelada não é a anunciada na abertura',
  'missing-evidence-key': () => 'o lacre não revela a chave anunciada na abertura',
  'false-evidence': ({ at }) => `${place(at)}: a evidência não é de nenhum desafio deste serviço`,
  'outcomes-do-not-add-up': ({ expected, actual }) =>
    `${say(expected)} eventos na urna, mas os resultados somam ${say(actual)}`,
  'hours-do-not-add-up': ({ expected, actual }) => `${say(expected)} votos contados, mas as horas somam ${say(actual)}`,
  'recounts-differ': (finding, names) => compared(finding, ['na recontagem SQL', 'na apuração'], names),
  'tally-differs': (finding, names) => compared(finding, RECOUNTED, names),
  'tally-digest-differs': ({ actual }) => `o digest guardado (${say(actual)}) não é o dos números guardados`,
  'window-too-late': ({ expected, actual }) =>
    `início da janela de identificadores: ${say(actual)} guardado, no máximo ${say(expected)}`,
  'no-tally': ({ at }) => `o serviço não guardou nenhuma apuração da votação ${at.poll ?? ''}`,
  'not-a-tally': ({ at }) => `o que está guardado da votação ${at.poll ?? ''} não é uma apuração`,
  'published-differs': (finding, names) => compared(finding, PUBLISHED, names),
  'other-poll-published': ({ expected, actual }) =>
    `perguntado pelo paredão ${say(expected)}, o serviço respondeu com o ${say(actual)}`,
  'other-poll-by-default': ({ expected, actual }) =>
    `o serviço publica o paredão ${say(actual)}, o último aberto é o ${say(expected)}`,
  'behind-the-log': ({ expected }) =>
    `parou antes do fim do registro: o evento seguinte foi registrado em ${time(expected)}`,
  'commitment-differs': ({ expected, actual }) => `${say(expected)} antes, ${say(actual)} agora`,
  'paper-differs': (finding, names) => `${finding.at.file ?? ''}: ${compared(finding, PAPER, names)}`,
  'signed-differs': (finding, names) => `${place(finding.at)}: ${compared(finding, SIGNED, names)}`,
  'released-unexplained': ({ at, actual }) =>
    `${place(at)}: ${say(actual)} proclamou o resultado sem conferência e sem dizer por quê`,
};

const wordDetail = (detail: Detail): string =>
  isNotMade(detail.code) ? NOT_MADE[detail.code].why : DETAILS[detail.code](detail);
export const wordSource = ({
  kind,
  path,
}: {
  readonly kind: 'sqlite' | 'eventstoredb' | 'export';
  readonly path?: string;
}): string =>
  ({ sqlite: `SQLite em ${path ?? ''}`, eventstoredb: 'EventStoreDB', export: `exportação ${path ?? ''}` })[kind];

interface CheckWords {
  readonly title: string;
  readonly detail: string;
  /** What would verify it; '' where it was verified. */
  readonly remedy: string;
  readonly findings: string[];
  readonly observations: string[];
}

/**
 * A check with its words, for those who show it elsewhere.
 * @param names of the participants of the poll that was audited, in the order of their numbers
 */
export const wordCheck = ({ id, outcome, detail, findings, observations }: Check, names: Names): CheckWords => ({
  title: TITLES[id],
  detail: wordDetail(detail),
  remedy: outcome === 'skipped' && isNotMade(detail.code) ? NOT_MADE[detail.code].remedy : '',
  findings: findings.map((one) => FINDINGS[one.code](one, names)),
  observations: observations.map((one) => `observado: ${FINDINGS[one.code](one, names)}`),
});

/** What was found and what was noted, a line each, and how much more there is. */
export function notesOf(check: Check, names: Names): string[] {
  const { findings, observations } = wordCheck(check, names);
  const [moreFound, moreNoted] = [check.findingCount - findings.length, check.observationCount - observations.length];
  return [
    ...[...findings, ...(moreFound > 0 ? [`e mais ${number(moreFound)}`] : [])],
    ...[...observations, ...(moreNoted > 0 ? [`observado: e mais ${number(moreNoted)}`] : [])],
  ];
}

function compared({ at, expected, actual }: Finding, [recounted, claimed]: Sides, names: Names): string {
  if (isLong(expected) || isLong(actual)) return `${about(at, names)}: outro ${claimed} do que ${recounted}`;
  const word = at.hour === undefined ? say : (value: Value) => sayVotes(value, at.poll === undefined ? names : []);
  return `${about(at, names)}: ${word(actual)} ${claimed}, ${word(expected)} ${recounted}`;
}
