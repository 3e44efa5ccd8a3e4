import { POLICY_WORDS, POLL_STATE_NAMES, type Poll, sharesOf, stateOf } from '#domain';

import { sumOf } from '../counts.ts';
import type { AuditReport, Check } from '../report.ts';
import { notesOf, wordCheck, wordSource } from './finding-words.ts';
import type { Pause } from '../pauses.ts';
import { curveLines } from './curve-words.ts';
import { brasiliaHour, moment, number } from './formats.ts';

/** What is no time is shown as it is. */
const time = (iso: string | null): string => (iso === null ? '–' : moment(iso));

export const MARKS: Readonly<Record<Check['outcome'], string>> = {
  ok: '✔',
  failed: '✘',
  skipped: '–',
  inapplicable: '–',
};

interface UncheckedWords {
  readonly title: string;
  /** Why not, … */
  readonly detail: string;
  /** … and what would. */
  readonly remedy: string;
}

interface CheckLine extends UncheckedWords {
  readonly outcome: Check['outcome'];
  readonly notes: readonly string[];
}

export interface ParticipantRow {
  readonly name: string;
  readonly votes: number;
  readonly share: number;
}

/** What both forms of the report say, in its words and order. */
export interface ReportWords {
  readonly title: string;
  /** What nobody may overlook; '' where there is nothing. */
  readonly warning: string;
  readonly verdict: string;
  /** What can be done so that the verdict says more; '' where it says all. */
  readonly advice: string;
  /** What the verdict does not cover: checks that were not asked for, or had nothing to compare with. */
  readonly unchecked: readonly UncheckedWords[];
  /** Those that were made. */
  readonly checks: readonly CheckLine[];
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly participants: readonly ParticipantRow[];
  readonly total: number;
  /** What the counts are: the result, or less than that. */
  readonly countTitle: string;
  readonly outcomes: readonly (readonly [name: string, count: number, meaning: string])[];
  /** Each pause, and what the log recorded during it. */
  readonly pauses: readonly string[];
  /** What the curve of the votes shows, a line each. */
  readonly curve: readonly string[];
  readonly hours: readonly { readonly hour: string; readonly votes: readonly number[] }[];
}

const REHEARSAL = 'ENSAIO · estes votos não contam para nada';

const titleOf = (pollId: string, poll: Poll | null): string =>
  `${poll?.rehearsal ? 'ENSAIO · Auditoria do ensaio' : 'Auditoria do paredão'} ${pollId}${poll === null ? '' : `: ${poll.title}`}`;

export function wordsOf(report: AuditReport): ReportWords {
  const { pollId, poll, counts, source, position, firstRecordedAt, lastRecordedAt, startedAt, finishedAt } = report;
  const shares = sharesOf(counts.votes);
  const participants = counts.votes.map((votes, index) => ({
    name: poll?.participants[index]?.name ?? `Participante ${index + 1}`,
    votes,
    share: shares[index] ?? 0,
  }));
  const names = participants.map(({ name }) => name);
  const failed = report.checks.filter(({ outcome }) => outcome === 'failed').length;
  return {
    title: titleOf(pollId, poll),
    warning: poll?.rehearsal ? REHEARSAL : '',
    verdict: report.agrees
      ? `CONFERE${anchoringOf(report)}`
      : `NÃO CONFERE: ${failed} ${failed === 1 ? 'verificação falhou' : 'verificações falharam'}`,
    advice: report.agrees && isAnchored(report) === false ? ADVICE : '',
    unchecked: report.checks.filter(({ outcome }) => outcome === 'skipped').map((check) => wordCheck(check, names)),
    checks: report.checks
      .filter(({ outcome }) => outcome === 'ok' || outcome === 'failed')
      .map((check) => lineOf(check, names)),
    facts: [
      ['Fonte', wordSource(source)],
      ['Estado', poll === null ? 'nunca houve' : POLL_STATE_NAMES[stateOf(poll)]],
      ...meaning(poll),
      ['Até a posição', `${position}${report.partial ? ' (um ponto do passado)' : ''}`],
      ['Primeiro registro', time(firstRecordedAt)],
      ['Último registro', time(lastRecordedAt)],
      ['Auditoria', `${time(startedAt)} a ${time(finishedAt)}`],
    ],
    participants,
    total: sumOf(counts.votes),
    countTitle: countTitleOf(report),
    outcomes: outcomesOf(counts),
    pauses: report.pauses.map(sayPause),
    curve: curveLines(report),
    hours: hoursOf(counts),
  };
}

/** Whether something from outside covers all that counts; undefined where nothing could. */
const isAnchored = ({ anchored }: AuditReport): boolean | undefined =>
  anchored === null ? undefined : anchored.leaves >= anchored.of;

function anchoringOf(report: AuditReport): string {
  const { anchored } = report;
  if (anchored === null) return '';
  if (isAnchored(report)) return ', ANCORADO';
  return anchored.leaves === 0
    ? ', NÃO ANCORADO'
    : `, ANCORADO ATÉ A FOLHA ${number(anchored.leaves)} DE ${number(anchored.of)}`;
}

const ADVICE =
  'Não ancorado não é um erro: nada que alguém guardou fora do serviço foi comparado, ou não até o fim da urna. Um checkpoint, um boletim ou um comprovante guardado ancora a auditoria: npm run audit -- --anchor ARQUIVO.';

const lineOf = (check: Check, names: readonly string[]): CheckLine => ({
  outcome: check.outcome,
  ...wordCheck(check, names),
  notes: notesOf(check, names),
});

const outcomesOf = (counts: AuditReport['counts']): ReportWords['outcomes'] => [
  ['Eventos na urna', counts.events, 'a soma de tudo o que segue'],
  ['Votos contados', sumOf(counts.votes), 'cada um uma vez'],
  ['Duplicados', counts.duplicates, 'o mesmo voto gravado de novo: só o primeiro conta'],
  ['Atrasados (depois do corte)', counts.late, 'gravados depois que a urna foi fechada: não contam'],
  ['Expirados', counts.expired, 'gravados depois da validade, pela regra das votações antigas: não contam'],
  ['Em quarentena', counts.quarantined, 'não puderam ser lidos: não contam, e a auditoria falha'],
  ['Fechamentos', counts.cuts, 'a marca que fecha a urna; a primeira vale'],
  ...(counts.openings > 0
    ? [['Zerésimas', counts.openings, 'diz na abertura o que se vota, e que a urna está vazia'] as const]
    : []),
];

function countTitleOf({ poll, counts }: AuditReport): string {
  if (poll?.annulled !== undefined) return 'Contagem de um paredão anulado: não vale como resultado';
  return counts.cut === null
    ? 'Contagem até aqui: a urna não foi fechada, e isto não é o resultado final'
    : 'Resultado';
}

const hoursOf = ({ hours }: AuditReport['counts']): ReportWords['hours'] =>
  Object.entries(hours)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([hour, votes]) => ({ hour: brasiliaHour(hour), votes }));

function sayPause({ pausedAt, pausedBy, resumedAt, resumedBy, votes, lastVoteAt }: Pause): string {
  const end = resumedAt === null ? 'não retomada' : `retomada em ${moment(resumedAt)} por ${resumedBy ?? ''}`;
  const last = lastVoteAt === null ? '' : `, o último em ${moment(lastVoteAt)}`;
  const recorded = `${number(votes)} ${votes === 1 ? 'voto registrado' : 'votos registrados'}`;
  return `pausada em ${moment(pausedAt)} por ${pausedBy}, ${end}: ${recorded} nesse tempo${last}`;
}

/** What the vote was for, and who saw the shares, as far as it says so; what became of the result, and who decided that. */
const meaning = (poll: Poll | null): [string, string][] => {
  const { purpose, rules, policy, replaces, checked, checkFailed, annulled } = poll ?? {};
  const { proclaimedAt, proclaimedBy = '', uncheckedBecause } = poll ?? {};
  const said: [string, string | undefined][] = [
    ['Finalidade', purpose && `votação para ${purpose}`],
    ['Divulgação', policy && POLICY_WORDS[policy]],
    ['Regulamento', rules],
    ['No lugar de', replaces && `paredão ${replaces}, anulado`],
    ['Conferência', checked && `assinada por ${checked.by} em ${time(checked.at)}`],
    ['Conferência', checkFailed && `não conferiu em ${time(checkFailed.at)}, diz ${checkFailed.by}`],
    ['Proclamação', proclaimedAt && `por ${proclaimedBy} em ${time(proclaimedAt)}`],
    ['Sem conferência', uncheckedBecause],
    ['Anulado', annulled && `por ${annulled.by} em ${time(annulled.at)}: ${annulled.reason}`],
  ];
  return said.flatMap(([name, words]) => (words === undefined ? [] : [[name, words]]));
};
