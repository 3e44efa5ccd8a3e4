import { sumOf } from '../counts.ts';
import type { AuditReport, Check } from '../report.ts';
import { hoursChart, participantsChart } from './charts.ts';
import { escapeHtml } from './escape.ts';
import { notesOf, wordCheck } from './finding-words.ts';
import { ZONE, number, percent } from './formats.ts';
import { CURVE_TITLE } from './curve-words.ts';
import { MARKS, type ReportWords, wordsOf } from './words.ts';

const STYLE = `
  :root { font: 15px/1.45 system-ui, sans-serif; color: #111; background: #fff; font-variant-numeric: tabular-nums }
  body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem }
  h1 { font-size: 1.5rem; margin: 0 } h2 { font-size: 1.1rem; margin: 1.6rem 0 .5rem }
  .verdict { display: inline-block; margin: 1rem 0; padding: .4rem 1rem; border: 3px solid; font-size: 1.3rem; font-weight: 700 }
  .ok { color: #0a5c2b } .failed { color: #a30d0d } .skipped { color: #555 }
  table { border-collapse: collapse; width: 100%; margin: .8rem 0 } th, td { padding: .2rem .5rem; border-bottom: 1px solid #ccc; text-align: left }
  td.n, th.n { text-align: right } code { overflow-wrap: anywhere } svg text { font-size: 14px }
  ul { list-style: none; padding: 0 } li { margin: .35rem 0; break-inside: avoid } li ul { padding-left: 1.6rem; font-size: .92em }
  .sign { display: flex; gap: 2rem; margin-top: 4rem; break-inside: avoid } .sign p { flex: 1; border-top: 1px solid; padding-top: .3rem }
  .warning { position: sticky; top: 0; margin: 0 0 1rem; padding: .5rem 1rem; border: 4px double #a30d0d; background: #fff; color: #a30d0d; font-size: 1.3rem; font-weight: 800; text-align: center }
  @page { margin: 18mm } @media print { .warning + * { margin-top: 4rem } .warning { position: fixed; left: 0; right: 0 } body { margin: 0; max-width: none } h2 { break-after: avoid } }`;

/** The report as one HTML page in Brazilian Portuguese that needs nothing else and no script: to keep, and to print. */
export function renderHtml(report: AuditReport): string {
  const words = wordsOf(report);
  return `<!doctype html>
<html lang="pt-BR">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(words.title)}</title>
<style>${STYLE}</style>
</head>
<body>
${body(report, words)}
</body>
</html>
`;
}

const section = (title: string, lines: readonly string[]): string =>
  lines.length === 0
    ? ''
    : `<h2>${escapeHtml(title)}</h2>\n<ul>${lines.map((line) => `<li>${escapeHtml(line)}</li>`).join('')}</ul>\n`;

function body(report: AuditReport, words: ReportWords): string {
  const outcome = report.agrees ? 'ok' : 'failed';
  return `${words.warning === '' ? '' : `<p class="warning">${words.warning}</p>\n`}<h1>${escapeHtml(words.title)}</h1>
<p class="verdict ${outcome}">${MARKS[outcome]} ${words.verdict}</p>
${words.advice === '' ? '' : `<p>${escapeHtml(words.advice)}</p>\n`}${uncheckedNote(words)}
${table([], words.facts)}
<p>Todos os horários: ${ZONE}.</p>
<h2>Resultado</h2>
${participantsChart(words)}
${table(
  ['Participante', 'Votos', '%'],
  words.participants.map(({ name, votes, share }, index) => [`${index + 1} ${name}`, number(votes), percent(share)]),
)}
${table(
  ['Na urna', 'Eventos'],
  words.outcomes.map(([name, count]) => [name, number(count)]),
)}
<h2>Votos por hora</h2>
${hoursChart(words)}
${table(
  ['Hora', 'Total', ...words.columns],
  words.hours.map(({ hour, votes }) => [hour, number(sumOf(votes)), ...votes.map(number)]),
)}
${section('Pausas', words.pauses)}${section(CURVE_TITLE, words.curve)}<h2>Verificações</h2>
<ul>${report.checks.map(checkItem).join('\n')}</ul>
<h2>Compromisso</h2>
<p>Digest da apuração: <code>${escapeHtml(report.digest)}</code></p>
<p>Votação, decisões e urna: <code>${report.commitment}</code><br>
Dois auditores com a mesma linha leram o mesmo registro.</p>
<p>Só a urna (versão 1): <code>${report.boxCommitment}</code></p>
<div class="sign"><p>Auditor(a), local e data</p><p>Testemunha, local e data</p></div>`;
}

function uncheckedNote({ unchecked }: ReportWords): string {
  return unchecked.length === 0 ? '' : `<p>Não foi verificado: ${unchecked.map(escapeHtml).join('; ')}.</p>`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (tag: string, cells: readonly string[]): string =>
    `<tr>${cells.map((cell, index) => `<${tag}${head.length > 0 && index > 0 ? ' class="n"' : ''}>${escapeHtml(cell)}</${tag}>`).join('')}</tr>`;
  const header = head.length === 0 ? '' : `<thead>${line('th', head)}</thead>`;
  return `<table>${header}<tbody>${rows.map((cells) => line('td', cells)).join('')}</tbody></table>`;
}

function checkItem(check: Check): string {
  const { title, detail } = wordCheck(check);
  const list = notesOf(check)
    .map((note) => `<li>${escapeHtml(note)}</li>`)
    .join('');
  const heading = `<strong>${MARKS[check.outcome]} ${escapeHtml(title)}</strong> (${escapeHtml(detail)})`;
  return `<li class="${check.outcome}">${heading}${list === '' ? '' : `<ul>${list}</ul>`}</li>`;
}
