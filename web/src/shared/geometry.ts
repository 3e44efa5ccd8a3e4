import type { Bucket } from './series.ts';

/** A box in pixels; y grows downwards. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** One stacked column, from the ground up: participant 1, 2, … */
export interface Column {
  readonly x: number;
  readonly width: number;
  /** Where it ends, in y. */
  readonly top: number;
  readonly parts: readonly Box[];
}

/** Round numbers from 0 to at least `max`, about `count` steps: 0, 5, 10, … At least [0, 1]. */
export function niceTicks(max: number, count: number): number[] {
  const rough = Math.max(max, 1) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= rough) ?? 10;
  const step = Math.max(factor * power, 1);
  const steps = Math.max(Math.ceil(max / step), 1);
  return Array.from({ length: steps + 1 }, (_, i) => i * step);
}

/** Columns for `series` in `plot`, scaled so that `top` votes fill its height. `gap` is the free share of each column's space. */
export function stackedColumns(series: readonly Bucket[], plot: Box, top: number, gap = 0.28): Column[] {
  const space = plot.width / Math.max(series.length, 1);
  const width = Math.min(space * (1 - gap), 120);
  return series.map(({ votes }, i) => {
    const x = plot.x + i * space + (space - width) / 2;
    let y = plot.y + plot.height;
    const parts = votes.map((count) => {
      const height = (count / top) * plot.height;
      y -= height;
      return { x, y, width, height };
    });
    return { x, width, top: y, parts };
  });
}

/** Two SVG path data strings for one line of values over the whole width of `plot`: the line, and the area under it. */
export function sparkline(values: readonly number[], plot: Box, top: number): { line: string; area: string } {
  const step = plot.width / Math.max(values.length - 1, 1);
  const ground = plot.y + plot.height;
  const points = values.map((value, i) => {
    const x = plot.x + i * step;
    const y = ground - (value / top) * plot.height;
    return `${x.toFixed(1)} ${y.toFixed(1)}`;
  });
  const line = points.length === 0 ? '' : `M${points.join('L')}`;
  const area = line === '' ? '' : `${line}V${ground}H${plot.x}Z`;
  return { line, area };
}

/** How many labels to skip so that labels of `labelWidth` pixels do not touch: 1 shows all, 2 every other… */
export const labelStride = (count: number, width: number, labelWidth: number): number =>
  Math.max(Math.ceil((count * labelWidth) / Math.max(width, 1)), 1);
