import { sumOf } from '../counts.ts';
import type { AuditReport, Check } from '../report.ts';
import { printable } from './printable.ts';
import { notesOf, wordCheck } from './finding-words.ts';
import { ZONE, number, percent } from './formats.ts';
import { CURVE_TITLE } from './curve-words.ts';
import { MARKS, wordsOf } from './words.ts';

const LABEL = 28;
const COUNT = 14;

/** The report as plain text in Brazilian Portuguese, with lines to sign on. */
export function renderText(report: AuditReport): string {
  const { title, warning, verdict, advice, unchecked, facts, participants, columns, outcomes, pauses, curve, hours } =
    wordsOf(report);
  const heads = columns.map((column) => column.padStart(COUNT)).join('');
  const lines = [
    title,
    '='.repeat(title.length),
    ...(warning === '' ? [] : [warning, '']),
    ...facts.map(([name, value]) => `${name.padEnd(LABEL)}${value}`),
    `(todos os horários: ${ZONE})`,
    '',
    ...participants.map(({ name, votes, share }, index) => row(`${index + 1} ${name}`, number(votes), percent(share))),
    ...outcomes.map(([name, count]) => row(name, number(count))),
    '',
    `${'Votos por hora'.padEnd(LABEL)}${'total'.padStart(COUNT)}${heads}`,
    ...hours.map(({ hour, votes }) => row(hour, number(sumOf(votes)), ...votes.map(number))),
    ...section('Pausas', pauses),
    ...section(CURVE_TITLE, curve),
    '',
    'Verificações',
    ...report.checks.flatMap(checkLines),
    '',
    `Digest da apuração  ${report.digest}`,
    `Compromisso        ${report.commitment}`,
    '(SHA-256 da votação, das suas decisões e da sua urna: dois auditores com a mesma linha leram o mesmo)',
    `Só a urna (versão 1) ${report.boxCommitment}`,
    '',
    ...(warning === '' ? [] : [warning]),
    verdict,
    ...(advice === '' ? [] : [advice]),
    ...(unchecked.length === 0 ? [] : ['Não foi verificado:', ...unchecked.map((check) => ` – ${check}`)]),
    '',
    ...['Auditor(a)', 'Testemunha'].flatMap((role) => ['', `${'_'.repeat(40)}  data ____/____/______`, role]),
  ];
  // titles, names, types and whatever else a log holds were written by others
  return `${lines.map(printable).join('\n')}\n`;
}

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', title, ...lines.map((line) => ` – ${line}`)];

const row = (name: string, ...values: string[]): string =>
  name.padEnd(LABEL) + values.map((value) => value.padStart(COUNT)).join('');

function checkLines(check: Check): string[] {
  const { title, detail } = wordCheck(check);
  return [` ${MARKS[check.outcome]} ${title} (${detail})`, ...notesOf(check).map((note) => `     ${note}`)];
}
