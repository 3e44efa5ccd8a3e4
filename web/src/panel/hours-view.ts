import { drawHours } from '../shared/charts.ts';
import { byId, setText, tableRow } from '../shared/dom.ts';
import { setWidth, widthOf } from '../shared/fitted.ts';
import { day, hour, integer } from '../shared/format.ts';
import { type Bucket, continuousHours, hourBucket } from '../shared/series.ts';
import { drawable } from '../shared/svg.ts';
import type { Total } from '#contract';

/** Hours in the chart; the table has them all. */
const HOURS_SHOWN = 24;
/** Between the figures of two columns, and the least that a column is wide, in sizes of the letters. */
const GAP = 1;
const MIN_COLUMN = 2.2;

const cellsOf = ({ begins, total, votes }: Bucket): string[] => [
  `${day(begins)} ${hour(begins)}`,
  ...[total, ...votes].map(integer),
];

/** Newest first. Rows are kept and only their texts changed, so that scrolling and reading are not disturbed. */
function fillTable(body: HTMLElement, rows: readonly (readonly string[])[], columns: number): void {
  // another poll has other columns
  if (body.firstElementChild?.childElementCount !== columns) body.replaceChildren();
  while (body.childElementCount > rows.length) body.lastElementChild?.remove();
  while (body.childElementCount < rows.length) body.append(tableRow('', new Array<string>(columns - 1).fill('')));
  for (const [index, texts] of rows.entries()) {
    const cells = body.children[index]?.children ?? [];
    for (const [column, text] of texts.entries()) if (cells[column]) setText(cells[column], text);
  }
}

/** How wide a table is whose columns are as wide as their longest text. */
function tableWidth(rows: readonly (readonly string[])[], columns: number): number {
  const widest = (column: number): number => Math.max(...rows.map((cells) => widthOf(cells[column] ?? '')), MIN_COLUMN);
  return Array.from({ length: columns }, (_, column) => widest(column) + GAP).reduce((sum, width) => sum + width, 0);
}

/** Votes per hour: a chart, and a table whose letters are as large as all its figures have room. */
export function createHoursView(): (total: Total) => void {
  const paint = drawable(byId('horas', SVGElement), drawHours);
  const body = byId('horas-linhas', HTMLElement);
  const room = byId('horas-corpo', HTMLElement);
  return ({ por_hora, por_participante: people }) => {
    const hours = por_hora.map(hourBucket);
    const rows = hours.toReversed().map(cellsOf);
    const columns = people.length + 2;
    paint(continuousHours(hours, HOURS_SHOWN));
    fillTable(body, rows, columns);
    setWidth(room, tableWidth(rows, columns));
  };
}
