import { sumOf } from '../counts.ts';
import type { AuditReport } from '../report.ts';
import { hoursChart, participantsChart } from './charts.ts';
import { printableHtml } from './escape.ts';
import { ZONE, number, percent } from './formats.ts';
import { CURVE_TITLE } from './curve-words.ts';
import { GLOSSARY } from './glossary.ts';
import { MARKS, type ReportWords, wordsOf } from './words.ts';

/** Participants whose names have room above the columns of one table, on A4. */
const NAMES_ABREAST = 5;

const STYLE = `
  :root { font: 15px/1.45 system-ui, sans-serif; color: #111; background: #fff; font-variant-numeric: tabular-nums }
  body { max-width: 46rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: anywhere }
  h1 { font-size: 1.5rem; margin: 0 } h2 { font-size: 1.1rem; margin: 1.8rem 0 .6rem; break-after: avoid } p { margin: .6rem 0 }
  .verdict { display: inline-block; margin: 1rem 0; padding: .4rem 1rem; border: 3px solid; font-size: 1.3rem; font-weight: 700 }
  .ok { color: #0a5c2b } .failed { color: #a30d0d } .verdict.failed { border-style: double; border-width: 6px }
  table { border-collapse: collapse; width: 100%; margin: .8rem 0 1.4rem } thead { display: table-header-group }
  tr { break-inside: avoid } th, td { padding: .2rem .5rem; border-bottom: 1px solid #999; text-align: left; vertical-align: top }
  thead th { border-bottom: 2px solid #111; vertical-align: bottom } tbody th { font-weight: 400 } .facts th { width: 11rem; color: #444 }
  td.n, th.n { text-align: right } td.n { white-space: nowrap; overflow-wrap: normal } .totals tr:last-child > * { font-weight: 700 }
  .hours { table-layout: fixed; font-size: .85rem } .hours th:first-child { width: 8.5em; white-space: nowrap } .hours th { padding-inline: .3rem }
  .totals, .outcomes { break-inside: avoid }
  svg { break-inside: avoid; margin: .6rem 0 } svg text { font-size: 14px }
  ul { list-style: none; padding: 0; margin: .6rem 0 1.4rem } li { margin: .4rem 0 } li li, .unchecked li { break-inside: avoid } li p { margin: 0; break-inside: avoid; break-after: avoid } li ul { margin: .3rem 0; padding-left: 1.6rem; font-size: .92em }
  .unchecked { padding: .2rem 1rem; border: 1px solid #999 }
  dl { margin: .6rem 0; font-size: .92em } dl div { margin: .3rem 0; break-inside: avoid } dt { display: inline; font-weight: 700 } dt::after { content: ': ' } dd { display: inline; margin: 0 }
  .sign { display: flex; gap: 2rem; margin-top: 5rem; break-inside: avoid } .sign p { flex: 1; border-top: 1px solid; padding-top: .3rem }
  .warning { position: sticky; top: 0; margin: 0 0 1rem; padding: .5rem 1rem; border: 4px double #a30d0d; background: #fff; color: #a30d0d; font-size: 1.3rem; font-weight: 800; text-align: center }
  .watermark { display: none }
  @media print {
    :root { font-size: 10pt } body { margin: 0; max-width: none; padding: 0 } .warning { position: static }
    .watermark { display: block; position: fixed; inset: 40% 0 auto; margin: 0; color: #e2e2e2; print-color-adjust: exact; -webkit-print-color-adjust: exact; font-size: 90pt; font-weight: 800; text-align: center; transform: rotate(-35deg); z-index: -1 }
  }`;

/** On paper: where a sheet belongs, so that none is exchanged for one of another report. */
const sheetsOf = ({ pollId, commitment }: AuditReport): string => `
  @page { size: A4 portrait; margin: 15mm 14mm 18mm;
    @bottom-left { content: "Paredão ${pollId.replaceAll(/[^\w-]/g, '')} · compromisso ${commitment.slice(0, 22)}…"; font: 8pt system-ui, sans-serif }
    @bottom-right { content: "folha " counter(page) " de " counter(pages); font: 8pt system-ui, sans-serif } }`;

/** The report as one HTML page in Brazilian Portuguese that needs nothing else and no script: to keep, and to print. */
export function renderHtml(report: AuditReport): string {
  const words = wordsOf(report);
  return `<!doctype html>
<html lang="pt-BR">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${printableHtml(words.title)}</title>
<style>${STYLE}${sheetsOf(report)}</style>
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
    : `<h2>${printableHtml(title)}</h2>\n<ul>${lines.map((line) => `<li>${printableHtml(line)}</li>`).join('')}</ul>\n`;

function body(report: AuditReport, words: ReportWords): string {
  const outcome = report.agrees ? 'ok' : 'failed';
  const names = words.participants.map(({ name }, index) => `${index + 1} ${name}`);
  return `${words.warning === '' ? '' : `<p class="warning">${words.warning}</p>\n<p class="watermark" aria-hidden="true">ENSAIO</p>\n`}<h1>${printableHtml(words.title)}</h1>
<p class="verdict ${outcome}">${MARKS[outcome]} ${words.verdict}</p>
${words.advice === '' ? '' : `<p>${printableHtml(words.advice)}</p>\n`}${uncheckedNote(words)}
${table([], words.facts, 'facts')}
<p>Todos os horários: ${ZONE}.</p>
<h2>${words.countTitle}</h2>
${participantsChart(words)}
${table(
  ['Participante', 'Votos', '%'],
  [
    ...words.participants.map(({ votes, share }, index) => [names[index]!, number(votes), percent(share)]),
    ['Total', number(words.total), ''],
  ],
  'totals',
)}
${table(
  ['Na urna', 'Eventos'],
  words.outcomes.map(([name, count, meaning]) => [`${name}: ${meaning}`, number(count)]),
  'outcomes',
)}
<h2>Votos por hora</h2>
${hoursChart(words)}
${hoursTables(words, names)}
${section('Pausas', words.pauses)}${section(CURVE_TITLE, words.curve)}<h2>Verificações</h2>
<ul>${words.checks.map(checkItem).join('\n')}</ul>
<h2>Compromisso</h2>
<p>Compromisso (votação, decisões e urna): <code>${report.commitment}</code><br>
Dois auditores com a mesma linha leram o mesmo registro. Anote-a: com ela se prova depois que nada mudou.</p>
<p>Só a urna (versão 1): <code>${report.boxCommitment}</code></p>
<p>Digest da apuração, o mesmo que /total mostra: <code>${printableHtml(report.digest)}</code></p>
<h2>Como refazer esta auditoria</h2>
<p>Peça a exportação do paredão e rode <code>npm run audit -- --export ARQUIVO --expect-hash ${report.commitment}</code> em outra máquina.
Sem este programa: docs/audit.md diz como calcular o compromisso e os números com jq e sha256sum.</p>
${glossary()}
<div class="sign"><p>Auditor(a), local e data</p><p>Testemunha, local e data</p></div>`;
}

/** The hours of a few participants beside one another, whose names have room above their columns. */
function hoursTables({ hours }: ReportWords, names: readonly string[]): string {
  const starts = names.flatMap((_, index) => (index % NAMES_ABREAST === 0 ? [index] : []));
  const tables = starts.map((start) =>
    table(
      ['Hora', 'Total da hora', ...names.slice(start, start + NAMES_ABREAST)],
      hours.map(({ hour, votes }) =>
        [hour, sumOf(votes), ...votes.slice(start, start + NAMES_ABREAST)].map((cell) =>
          typeof cell === 'number' ? number(cell) : cell,
        ),
      ),
      'hours',
    ),
  );
  return tables.join('\n');
}

function uncheckedNote({ unchecked }: ReportWords): string {
  if (unchecked.length === 0) return '';
  const items = unchecked.map(
    ({ title, detail, remedy }) =>
      `<li><strong>${printableHtml(title)}</strong>: ${printableHtml(detail)}. Para verificar: ${printableHtml(remedy)}.</li>`,
  );
  return `<h2>O que este relatório não verificou</h2>\n<ul class="unchecked">${items.join('')}</ul>`;
}

/** A row's first cell names it. Without a head, every row is a name and what it says. */
function table(head: readonly string[], rows: readonly (readonly string[])[], kind: string): string {
  const number = head.length > 0 ? ' class="n"' : '';
  const line = ([name = '', ...cells]: readonly string[], tag: string, scope: string): string =>
    `<tr><th scope="${scope}">${printableHtml(name)}</th>${cells.map((cell) => `<${tag}${number}>${lines(cell)}</${tag.split(' ')[0]!}>`).join('')}</tr>`;
  const header = head.length === 0 ? '' : `<thead>${line(head, 'th scope="col"', 'col')}</thead>`;
  return `<table class="${kind}">${header}<tbody>${rows.map((cells) => line(cells, 'td', 'row')).join('')}</tbody></table>`;
}

/** What others wrote in several lines stays in several lines. */
const lines = (text: string): string => text.split('\n').map(printableHtml).join('<br>');

function checkItem({ outcome, title, detail, notes }: ReportWords['checks'][number]): string {
  const list = notes.map((note) => `<li>${printableHtml(note)}</li>`).join('');
  const heading = `<strong>${MARKS[outcome]} ${printableHtml(title)}</strong> (${printableHtml(detail)})`;
  return `<li class="${outcome}"><p>${heading}</p>${list === '' ? '' : `<ul>${list}</ul>`}</li>`;
}

const glossary = (): string =>
  `<h2>Palavras deste relatório</h2>\n<dl>${GLOSSARY.map(([word, meaning]) => `<div><dt>${word}</dt><dd>${meaning}</dd></div>`).join('')}</dl>`;
