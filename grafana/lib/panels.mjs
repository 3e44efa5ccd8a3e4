/**
 * The few kinds of panels that the boards are made of. Each takes what a reader needs (title, description, unit) and its
 * queries, `[expression, legend]`; `board` in board.mjs adds ids, places and the datasource.
 */

import { LOOKS } from '../../libs/palette/index.ts';

/** Colours that mean the same on every board; the participants' are those of the pages. */
const COLOURS = {
  error: 'red',
  warn: 'orange',
  info: 'green',
  debug: 'blue',
  ...Object.fromEntries(LOOKS.map(({ night }, index) => [index + 1, night.fill])),
};

const targets = (queries, options) =>
  queries.map(([expr, legendFormat], index) => ({
    refId: String.fromCharCode(65 + index),
    expr,
    legendFormat,
    ...options,
  }));

/** Steps of a value at which its colour changes: `[[0, 'green'], [0.8, 'red']]`. */
const thresholds = (steps) => ({
  mode: 'absolute',
  steps: steps.map(([value, color], index) => ({ color, value: index === 0 ? null : value })),
});

const coloursByName = Object.entries(COLOURS).map(([name, fixedColor]) => ({
  matcher: { id: 'byName', options: name },
  properties: [{ id: 'color', value: { mode: 'fixed', fixedColor } }],
}));

/** Lines over time. `limit` is drawn as a line of its own: an objective, a bound. */
export const lines = ({ title, description, unit, queries, limit, max }) => ({
  type: 'timeseries',
  title,
  description,
  targets: targets(queries, { range: true }),
  fieldConfig: {
    defaults: {
      unit,
      min: 0,
      ...(max !== undefined && { max }),
      ...(limit !== undefined && {
        thresholds: thresholds([
          [0, 'transparent'],
          [limit, 'red'],
        ]),
      }),
      custom: {
        drawStyle: 'line',
        lineWidth: 2,
        fillOpacity: 8,
        showPoints: 'never',
        stacking: { mode: 'none' },
        thresholdsStyle: { mode: limit === undefined ? 'off' : 'line' },
      },
    },
    overrides: coloursByName,
  },
  options: {
    legend: { displayMode: 'table', placement: 'bottom', showLegend: true, calcs: ['lastNotNull', 'max'] },
    tooltip: { mode: 'multi', sort: 'desc' },
  },
});

/** One number as it is now, with its recent past behind it. `steps` colour it. */
export const number = ({ title, description, unit, query, legend = '', steps = [[0, 'text']], mappings = [] }) => ({
  type: 'stat',
  title,
  description,
  targets: targets([[query, legend]], { range: true }),
  fieldConfig: { defaults: { unit, mappings, thresholds: thresholds(steps), noValue: '–' }, overrides: [] },
  options: {
    reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
    colorMode: 'value',
    graphMode: 'area',
    textMode: legend === '' ? 'value' : 'value_and_name',
  },
});

/** A histogram over time: the darker, the more. */
export const heatmap = ({ title, description, unit, query }) => ({
  type: 'heatmap',
  title,
  description,
  targets: targets([[query, '{{le}}']], { range: true, format: 'heatmap' }),
  fieldConfig: { defaults: { unit }, overrides: [] },
  options: {
    calculate: false,
    color: { mode: 'scheme', scheme: 'Oranges', steps: 64 },
    yAxis: { unit },
    cellGap: 1,
    tooltip: { mode: 'single', yHistogram: true },
  },
});

/** What is there now, a row for each series; of its labels only `columns`. */
export const table = ({ title, description, unit, query, columns }) => ({
  type: 'table',
  title,
  description,
  targets: targets([[query, '']], { instant: true, format: 'table' }),
  fieldConfig: { defaults: { unit, noValue: '–' }, overrides: [] },
  options: { showHeader: true },
  transformations: [{ id: 'filterFieldsByName', options: { include: { names: columns } } }],
});
