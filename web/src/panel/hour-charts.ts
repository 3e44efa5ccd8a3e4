import { letters } from '../shared/charts.ts';
import { compact, minute } from '../shared/format.ts';
import { sparkline, type Box } from '../shared/geometry.ts';
import type { Bucket } from '../shared/series.ts';
import { svg, type Size } from '../shared/svg.ts';
import type { Lead, LeadPoint } from './lead.ts';

/** Radius of the dot at the end of a line, in sizes of the letters. */
const DOT = 0.28;
const HOUR = 3_600_000;
/** Three times have room beside each other from this width on, in sizes of the letters. */
const MIDDLE_FROM = 12;

/** Where the lines of the last hour stand: times below them. */
const plotIn = ({ width, height, letters: size }: Size): Box => {
  const top = size * 1.2;
  return { x: 2, y: top, width: width - 2 * DOT * size - 2, height: Math.max(height - top - size * 1.6, 1) };
};

/** The times below a chart of the last hour: where it begins, its middle, and its end. */
function times(from: string, end: string, { width, height, letters: size }: Size): SVGElement[] {
  const middle = new Date((Date.parse(from) + Date.parse(end)) / 2).toISOString();
  const base = height - size * 0.3;
  const hasRoom = width > MIDDLE_FROM * size;
  return [
    letters(2, base, 'start', size, minute(from)),
    ...(hasRoom ? [letters(width / 2, base, 'middle', size, minute(middle))] : []),
    letters(width - 2, base, 'end', size, minute(end)),
  ];
}

/** Votes per minute: a line over an area up to the last whole minute; the running one would look like a fall. */
export function drawMinutes(minutes: readonly Bucket[], area: Size): SVGElement[] {
  const plot = plotIn(area);
  const values = minutes.slice(0, -1).map(({ total }) => total);
  const top = Math.max(...values, 1);
  const { line, area: below } = sparkline(values, plot, top);
  const ground = plot.y + plot.height;
  const last = ground - (plot.height * (values.at(-1) ?? 0)) / top;
  return [
    svg('line', { x1: plot.x, x2: plot.x + plot.width, y1: ground, y2: ground, class: 'grid' }),
    svg('path', { d: below, class: 'spark-area' }),
    svg('path', { d: line, class: 'spark-line' }),
    svg('circle', { cx: plot.x + plot.width, cy: last, r: area.letters * DOT, class: 'spark-dot' }),
    ...times(minutes[0]!.begins, minutes.at(-1)!.begins, area),
  ];
}

/** A lead to draw, and how its chart names the side below the line of the tie. */
export interface LeadDrawing {
  readonly lead: Lead;
  /** '' where more than one may have been there */
  readonly below: string;
}

/** What fills one side of the line of the tie, in the colour of who was ahead there; no number: of nobody in particular. */
function side(id: string, shape: string, box: Box, number: number | undefined): SVGElement[] {
  const { x, y, width, height } = box;
  const clip = svg('clipPath', { id }, svg('rect', { x, y, width, height: Math.max(height, 0) }));
  const owner = number === undefined ? {} : { 'data-number': number };
  return [clip, svg('path', { d: shape, class: 'lead-area', 'clip-path': `url(#${id})`, ...owner })];
}

/** The highest and the lowest lead, and the place of a point. */
function scaleOf(points: readonly LeadPoint[], plot: Box) {
  const gaps = points.map(({ gap }) => gap);
  const [top, bottom] = [Math.max(...gaps, 0), Math.min(...gaps, 0)];
  const range = Math.max(top - bottom, 1);
  const end = points.at(-1)!.at;
  return {
    ...{ top, bottom },
    xOf: (at: number) => plot.x + plot.width * (1 - (end - at) / HOUR),
    yOf: (gap: number) => plot.y + (plot.height * (top - gap)) / range,
  };
}

/** The lead, above the line of the tie while the one was ahead who is ahead now, and below it before. */
export function drawLead({ lead, below }: LeadDrawing, area: Size): SVGElement[] {
  const { points, of, over } = lead;
  const { letters: size } = area;
  const plot = plotIn(area);
  const { top, bottom, xOf, yOf } = scaleOf(points, plot);
  const [zero, first, last] = [yOf(0), points[0]!, points.at(-1)!];
  const path = points.map(({ at, gap }) => `${xOf(at).toFixed(1)} ${yOf(gap).toFixed(1)}`).join('L');
  const shape = `M${path}V${zero}H${xOf(first.at).toFixed(1)}Z`;
  const right = plot.x + plot.width;
  return [
    ...side('vantagem-acima', shape, { ...plot, height: zero - plot.y }, of),
    ...side(
      'vantagem-abaixo',
      shape,
      { ...plot, y: zero, height: plot.y + plot.height - zero },
      below ? over : undefined,
    ),
    svg('line', { x1: plot.x, x2: right, y1: zero, y2: zero, class: 'grid' }),
    svg('path', { d: `M${path}`, class: 'spark-line' }),
    svg('circle', { cx: xOf(last.at), cy: yOf(last.gap), r: size * DOT, class: 'spark-dot' }),
    ...(top > 0 ? [letters(plot.x, plot.y - size * 0.3, 'start', size, `até ${compact(top)} votos`)] : []),
    ...(bottom < 0 ? [letters(right, plot.y + plot.height - size * 0.3, 'end', size, below)] : []),
    ...times(new Date(last.at - HOUR).toISOString(), new Date(last.at).toISOString(), area),
  ];
}
