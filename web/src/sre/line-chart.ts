import { byId, setText, within } from '../shared/dom.ts';
import { axisWidth, gridLines, letterSize, letters } from '../shared/charts.ts';
import { age, time } from '../shared/format.ts';
import { niceTicks, type Box } from '../shared/geometry.ts';
import { drawable, svg, type Size } from '../shared/svg.ts';
import { listenToKeys, listenToPointer } from './pointing.ts';
import { endOf, gaps, indexAt, sampleAt, stretches, type Span } from './timeline.ts';
import type { Sample } from '#contract';

/** One of the lines of a chart. */
export interface Line {
  /** Class of the line, and of its value in the legend; it says its colour and its dashes. */
  readonly kind: string;
  readonly name: string;
  readonly valueOf: (sample: Sample) => number | null;
}

export interface Chart {
  /** Of the chart's `svg`, within its `.plot`, within its panel. */
  readonly id: string;
  readonly lines: readonly Line[];
  readonly show: (value: number) => string;
  /** Levels that an objective sets, and what stands at them. */
  readonly limits: readonly { readonly value: number; readonly text: string }[];
}

/** What all charts show: the same window, and the same moment in it. */
export interface View {
  readonly window: Span;
  readonly samples: readonly Sample[];
  /** The moment that somebody points at, ms since the epoch. */
  readonly cursor: number | undefined;
}

/** Wide enough to be seen, however long the window. */
const LEAST_GAP = 3;

interface Scale {
  readonly plot: Box;
  readonly top: number;
  readonly xOf: (at: number) => number;
  readonly yOf: (value: number) => number;
}

function scaleOf({ window: { from, to } }: View, ticks: readonly number[], { width, height }: Size): Scale {
  const size = letterSize(width);
  const left = axisWidth(ticks, size);
  const plot = { x: left, y: size * 0.8, width: width - left - size * 0.6, height: height - size * 2.6 };
  const top = ticks.at(-1) ?? 1;
  return {
    plot,
    top,
    xOf: (at) => plot.x + (plot.width * Math.min(Math.max(at - from, 0), to - from)) / (to - from),
    yOf: (value) => plot.y + plot.height * (1 - value / top),
  };
}

/** A path over the samples that have a value, interrupted where they do not touch. */
function pathOf(samples: readonly Sample[], { valueOf }: Line, { xOf, yOf }: Scale): string {
  return stretches(samples.filter((sample) => valueOf(sample) !== null))
    .map((group) => group.map((sample) => `${xOf(endOf(sample)).toFixed(1)} ${yOf(valueOf(sample) ?? 0).toFixed(1)}`))
    .map((points) => `M${points.join('L')}${points.length === 1 ? 'h0.1' : ''}`)
    .join('');
}

/** Where words have room between the levels that are drawn: at the top, in the middle or at the bottom. */
function freeLine({ limits }: Chart, { plot, yOf }: Scale, size: number): number {
  const places = [0, 0.5, 1].map((part) => plot.y + size * 1.3 + (plot.height - size * 2) * part);
  const isFree = (y: number): boolean => limits.every(({ value }) => Math.abs(yOf(value) - 4 - y) > size * 1.2);
  return places.find(isFree) ?? places[0]!;
}

function drawGaps(chart: Chart, { samples, window }: View, scale: Scale, size: number): SVGElement[] {
  const { plot, xOf } = scale;
  const y = freeLine(chart, scale, size);
  return gaps(samples, window).flatMap(({ from, to }) => {
    const width = Math.max(xOf(to) - xOf(from), LEAST_GAP);
    const box = svg('rect', { x: xOf(from), y: plot.y, width, height: plot.height, class: 'gap' });
    const middle = letters(xOf(from) + width / 2, y, 'middle', size * 0.9, 'sem dados');
    return width > size * 6 ? [box, middle] : [box];
  });
}

function drawLimits({ limits }: Chart, { plot, top, yOf }: Scale, size: number): SVGElement[] {
  return limits
    .filter(({ value }) => value <= top)
    .flatMap(({ value, text }) => [
      svg('line', { x1: plot.x, x2: plot.x + plot.width, y1: yOf(value), y2: yOf(value), class: 'limit' }),
      letters(plot.x + 4, Math.max(yOf(value) - 4, size), 'start', size * 0.9, text, 'limit-text'),
    ]);
}

function drawCursor({ lines }: Chart, { cursor, samples }: View, { plot, xOf, yOf }: Scale): SVGElement[] {
  if (cursor === undefined) return [];
  const sample = sampleAt(samples, cursor);
  const x = xOf(sample === undefined ? cursor : endOf(sample));
  const dots = lines.flatMap(({ kind, valueOf }) => {
    const value = sample && valueOf(sample);
    return value === null || value === undefined
      ? []
      : [svg('circle', { cx: x, cy: yOf(value), r: 4.5, class: `dot line-${kind}` })];
  });
  return [svg('line', { x1: x, x2: x, y1: plot.y, y2: plot.y + plot.height, class: 'cursor' }), ...dots];
}

/** The lines, the gaps between them, and the objectives. */
function draw(chart: Chart, view: View, area: Size): SVGElement[] {
  const size = letterSize(area.width);
  const values = chart.lines.flatMap(({ valueOf }) => view.samples.map((sample) => valueOf(sample) ?? 0));
  const ticks = niceTicks(Math.max(...values, ...chart.limits.map(({ value }) => value), 0), 3);
  const scale = scaleOf(view, ticks, area);
  const { plot } = scale;
  const seconds = (view.window.to - view.window.from) / 1_000;
  return [
    ...drawGaps(chart, view, scale, size),
    ...gridLines(plot, ticks, scale.top, size),
    ...drawLimits(chart, scale, size),
    ...chart.lines.map((line) =>
      svg('path', { d: pathOf(view.samples, line, scale), class: `line line-${line.kind}` }),
    ),
    ...drawCursor(chart, view, scale),
    letters(plot.x, area.height - size * 0.3, 'start', size, age(seconds)),
    letters(plot.x + plot.width, area.height - size * 0.3, 'end', size, 'agora'),
  ];
}

/** What the chart says of a moment, in words: "21:04:05: Pedidos 52,0; Votos 50,0". */
function wordsOf({ lines, show }: Chart, { samples }: View, at: number): string {
  const sample = sampleAt(samples, at);
  const moment = time(new Date(sample ? endOf(sample) : at).toISOString());
  if (sample === undefined) return `${moment}: sem dados`;
  const values = lines.map(({ name, valueOf }) => {
    const value = valueOf(sample);
    return `${name} ${value === null ? 'sem valor' : show(value)}`;
  });
  return `${moment}: ${values.join('; ')}`;
}

const keyOf = ({ window: { to }, cursor, samples }: View): string => `${to} ${cursor ?? ''} ${samples.length}`;

/** A chart that can be pointed at and walked through with the arrow keys. `point` is called with the moment. */
export function createChart(chart: Chart, point: (at: number | undefined) => void): (view: View) => void {
  const root = byId(chart.id, SVGSVGElement);
  const plot = root.parentElement!;
  const readout = within(plot, '.readout', HTMLElement);
  let latest: View | undefined;
  const paint = drawable<View>(root, (view, size) => draw(chart, view, size), keyOf);
  const moves = { plot, root, view: () => latest, point };
  listenToPointer(moves);
  listenToKeys(moves);
  return (view) => {
    latest = view;
    paint(view);
    const { samples, cursor } = view;
    const newest = samples.at(-1);
    const at = cursor ?? (newest ? endOf(newest) : view.window.to);
    const words = wordsOf(chart, view, at);
    setText(readout, cursor === undefined ? '' : words);
    plot.setAttribute('aria-valuemax', String(Math.max(samples.length - 1, 0)));
    plot.setAttribute('aria-valuenow', String(Math.max(indexAt(samples, at), 0)));
    plot.setAttribute('aria-valuetext', words);
  };
}
