import { sumOf } from '../counts.ts';
import type { AuditReport } from '../report.ts';
import { printable } from './printable.ts';
import { ZONE, number, percent } from './formats.ts';
import { CURVE_TITLE } from './curve-words.ts';
import { MARKS, type ReportWords, wordsOf } from './words.ts';

const LABEL = 28;
const COUNT = 14;
/** Names may have 60 letters. */
const LONGEST_LABEL = 66;

/** The report as plain text in Brazilian Portuguese, with lines to sign on. */
export function renderText(report: AuditReport): string {
  const words = wordsOf(report);
  const { title, warning, facts, participants, countTitle, outcomes, checks, hours, total } = words;
  const names = participants.map(({ name }, index) => `${index + 1} ${name}`);
  const label = Math.min(LONGEST_LABEL, Math.max(LABEL, ...names.map((name) => name.length + 2)));
  const row = (name: string, ...values: string[]): string =>
    name.padEnd(label) + values.map((value) => value.padStart(COUNT)).join('');
  const lines = [
    title,
    '='.repeat(title.length),
    ...(warning === '' ? [] : [warning, '']),
    ...facts.flatMap(([name, value]) => factLines(name, value, label)),
    `(todos os horários: ${ZONE})`,
    '',
    countTitle,
    ...participants.map(({ votes, share }, index) => row(names[index]!, number(votes), percent(share))),
    row('Total', number(total)),
    '',
    ...outcomes.map(([name, count]) => row(name, number(count))),
    '',
    row('Votos por hora', 'total', ...names.map(shortened)),
    ...hours.map(({ hour, votes }) => row(hour, number(sumOf(votes)), ...votes.map(number))),
    ...section('Pausas', words.pauses),
    ...section(CURVE_TITLE, words.curve),
    '',
    'Verificações',
    ...checks.flatMap(checkLines),
    '',
    `Digest da apuração  ${report.digest}`,
    `Compromisso        ${report.commitment}`,
    '(SHA-256 da votação, das suas decisões e da sua urna: dois auditores com a mesma linha leram o mesmo)',
    `Só a urna (versão 1) ${report.boxCommitment}`,
    '',
    ...conclusion(words),
    ...['', ...SIGNATURES],
  ];
  // titles, names, types and whatever else a log holds were written by others
  return `${lines.map(printable).join('\n')}\n`;
}

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', title, ...lines.map((line) => ` – ${line}`)];

const conclusion = ({ warning, verdict, advice, unchecked }: ReportWords): string[] => [
  ...(warning === '' ? [] : [warning]),
  verdict,
  ...(advice === '' ? [] : [advice]),
  ...(unchecked.length === 0 ? [] : ['Não foi verificado:', ...unchecked.flatMap(uncheckedLines)]),
];

const SIGNATURES = ['Auditor(a)', 'Testemunha'].flatMap((role) => [
  '',
  `${'_'.repeat(40)}  data ____/____/______`,
  role,
]);

/** What others wrote in several lines stays in several lines. */
const factLines = (name: string, value: string, label: number): string[] =>
  value.split('\n').map((line, index) => `${(index === 0 ? name : '').padEnd(label)}${line}`);

/** As much of a name as has room above a column; the whole of it stands above, with its number. */
const shortened = (name: string): string => (name.length < COUNT ? name : `${name.slice(0, COUNT - 2)}…`);

const checkLines = ({ outcome, title, detail, notes }: ReportWords['checks'][number]): string[] => [
  ` ${MARKS[outcome]} ${title} (${detail})`,
  ...notes.map((note) => `     ${note}`),
];

const uncheckedLines = ({ title, detail, remedy }: ReportWords['unchecked'][number]): string[] => [
  ` – ${title}: ${detail}.`,
  `   Para verificar: ${remedy}.`,
];
