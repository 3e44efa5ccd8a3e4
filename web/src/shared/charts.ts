import { compact, day, hour, votes } from './format.ts';
import { labelStride, niceTicks, stackedColumns, type Box } from './geometry.ts';
import { svg, type Size } from './svg.ts';
import type { Bucket } from './series.ts';
import { HATCH_OPACITY, LOOKS, TILE } from '../../../libs/palette/index.ts';

/** Width of a character in the widest system fonts, in sizes of the letters. */
const CHARACTER = 0.65;
/** Lines across a chart of hours, where it is high enough for them. */
const MAX_STEPS = 4;
/** Room for the day below an hour, in sizes of the letters. */
const DAY = 3.4;

/** Wide screens are read from far away. */
export const letterSize = (width: number): number => (width > 900 ? 20 : width > 500 ? 15 : 12);

/** Letters at a place. */
export const letters = (x: number, y: number, anchor: string, size: number, content: string, className = 'tick') =>
  svg('text', { x, y, 'text-anchor': anchor, 'font-size': size, class: className }, content);

const rect = ({ x, y, width, height }: Box, attributes: Record<string, string>) =>
  svg('rect', { x, y, width, height, ...attributes });

/** Lines across the plot at round numbers, and the numbers on their left. */
export function gridLines(plot: Box, ticks: readonly number[], top: number, size: number): SVGElement[] {
  return ticks.flatMap((tick) => {
    const y = plot.y + plot.height * (1 - tick / top);
    const line = svg('line', { x1: plot.x, x2: plot.x + plot.width, y1: y, y2: y, class: 'grid' });
    return [line, letters(plot.x - size * 0.5, y + size * 0.35, 'end', size, compact(tick))];
  });
}

/** Room for the labels of an axis on its left, in pixels. */
export const axisWidth = (ticks: readonly number[], size: number): number =>
  size * (0.9 + CHARACTER * Math.max(...ticks.map((tick) => compact(tick).length), 4));

/** The hatching that tells participants apart without colour. */
const hatching = (): SVGElement[] =>
  LOOKS.map(({ pattern }, index) => {
    const path = svg('path', { d: pattern, 'fill-opacity': HATCH_OPACITY });
    const side = { width: TILE, height: TILE, patternUnits: 'userSpaceOnUse' };
    return svg('pattern', { id: `trama-${index + 1}`, ...side }, path);
  });

/** Which columns say their total: all where there is room, else the highest and the newest. */
function withValue(hours: readonly Bucket[], space: number, size: number): (i: number) => boolean {
  const totals = hours.map(({ total }) => total);
  const highest = totals.indexOf(Math.max(...totals));
  const longest = Math.max(...totals.map((total) => compact(total).length), 5);
  return (i) =>
    (totals[i] ?? 0) > 0 &&
    (space >= size * CHARACTER * (longest + 1) || i === highest || (i === hours.length - 1 && i - highest > 3));
}

/** The hour under a column, and the day where it begins. */
function underColumn(
  hora: string,
  x: number,
  base: number,
  size: number,
  labelled: boolean,
  isDayNamed: boolean,
): SVGElement[] {
  const label = labelled ? [letters(x, base + size * 1.3, 'middle', size, hour(hora))] : [];
  return isDayNamed ? [...label, letters(x, base + size * 2.5, 'middle', size * 0.85, day(hora))] : label;
}

/** Votes per hour: one column per hour, participant 1 at the bottom, each with its colour and hatching, the total on top. */
export function drawHours(hours: readonly Bucket[], { width, height, letters: size }: Size): SVGElement[] {
  if (hours.length === 0) return [letters(width / 2, height / 2, 'middle', size, 'Nenhum voto ainda')];
  const steps = Math.min(Math.max(Math.floor(height / size / 4), 1), MAX_STEPS);
  const ticks = niceTicks(Math.max(...hours.map(({ total }) => total), 0), steps);
  const left = axisWidth(ticks, size);
  const plot = { x: left, y: size * 1.8, width: width - left - size, height: Math.max(height - size * 4.6, 1) };
  const top = ticks.at(-1) ?? 1;
  const columns = stackedColumns(hours, plot, top);
  const stride = labelStride(hours.length, plot.width, size * 3.4);
  const hasValue = withValue(hours, plot.width / Math.max(hours.length, 1), size);
  const midnight = hours.findIndex(({ begins }) => hour(begins) === '00h');
  const firstHasRoom = midnight <= 0 || (midnight * plot.width) / hours.length > size * DAY;
  const isDayNamed = (i: number): boolean => (i === 0 ? firstHasRoom : hour(hours[i]!.begins) === '00h');
  const drawn = columns.flatMap((column, i) => {
    const { begins, total } = hours[i]!;
    const middle = column.x + column.width / 2;
    const title = svg('title', {}, `${day(begins)} ${hour(begins)}: ${votes(total)}`);
    const half = (compact(total).length * CHARACTER * size) / 2;
    const value = () =>
      letters(Math.min(middle, width - half), column.top - size * 0.45, 'middle', size, compact(total), 'value');
    const labelled = (hours.length - 1 - i) % stride === 0;
    return [
      svg('g', {}, title, ...column.parts.flatMap(part)),
      ...(hasValue(i) ? [value()] : []),
      ...underColumn(begins, middle, plot.y + plot.height, size, labelled, isDayNamed(i)),
    ];
  });
  return [svg('defs', {}, ...hatching()), ...gridLines(plot, ticks, top, size), ...drawn];
}

/** A participant's part of a column. */
function part(box: Box, index: number): SVGElement[] {
  const number = String(index + 1);
  return [
    rect(box, { class: 'column', 'data-number': number }),
    ...(LOOKS[index]?.pattern ? [rect(box, { fill: `url(#trama-${number})` })] : []),
  ];
}
