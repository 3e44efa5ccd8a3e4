import { HATCH_OPACITY, LOOKS, TILE } from '#palette';

import { printableHtml } from './escape.ts';
import { number, percent } from './formats.ts';
import type { ReportWords } from './words.ts';

const WIDTH = 720;
const BAR_HEIGHT = 24;
const NAME_HEIGHT = 20;
const BAR_GAP = 10;
const VALUE_WIDTH = 170;
const CHART_HEIGHT = 220;
const AXIS_HEIGHT = 44;
/** Longest name that half of the width has room for, letters. */
const SHORT_NAME = 40;
const BAR_ROW = NAME_HEIGHT + BAR_HEIGHT + BAR_GAP;
const LEGEND_ROW = 18;
const LABELS_AT_MOST = 24;

/** As on every page, on paper: a colour and a hatching for each, so that they are told apart in a grey copy too. */
const HATCHING = LOOKS.map(({ day, pattern }, index) => {
  const [side, fill] = [String(TILE), `<rect width="${TILE}" height="${TILE}" fill="${day.fill}"/>`];
  const hatch = `<path fill-opacity="${HATCH_OPACITY}" d="${pattern}"/>`;
  return `<pattern id="p${index + 1}" width="${side}" height="${side}" patternUnits="userSpaceOnUse">${fill}${hatch}</pattern>`;
});

const fillOf = (index: number): string => `url(#p${(index % LOOKS.length) + 1})`;

/** Share of each participant as bars, with the numbers beside them. */
export function participantsChart({ participants }: ReportWords): string {
  const bars = participants.map(({ name, votes, share }, index) => {
    const y = index * BAR_ROW;
    const width = ((WIDTH - VALUE_WIDTH) * share) / 100;
    const top = y + NAME_HEIGHT;
    return (
      `<text x="0" y="${y + 14}">${index + 1} ${printableHtml(name)}</text>` +
      `<rect x="0" y="${top}" width="${width.toFixed(1)}" height="${BAR_HEIGHT}" fill="${fillOf(index)}"/>` +
      `<text x="${(width + 8).toFixed(1)}" y="${top + BAR_HEIGHT / 2 + 5}">${percent(share)} · ${number(votes)}</text>`
    );
  });
  return svg('Votos por participante', participants.length * BAR_ROW, bars.join(''));
}

/** Votes per hour, the participants on top of one another. */
export function hoursChart({ hours, participants }: ReportWords): string {
  const highest = hours.reduce((most, { votes }) => Math.max(most, ...[votes.reduce((a, b) => a + b, 0)]), 1);
  const step = WIDTH / Math.max(hours.length, 1);
  const every = Math.ceil(hours.length / LABELS_AT_MOST);
  const columns = hours.map(({ hour, votes }, column) => {
    let y = CHART_HEIGHT;
    const rects = votes.map((count, index) => {
      const height = (CHART_HEIGHT * count) / highest;
      y -= height;
      const x = column * step + step * 0.1;
      return `<rect x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${(step * 0.8).toFixed(1)}" height="${height.toFixed(1)}" fill="${fillOf(index)}"/>`;
    });
    const middle = (column * step + step / 2).toFixed(1);
    const label = `<text x="${middle}" y="${CHART_HEIGHT + 18}" text-anchor="middle">${hour.slice(-3)}</text>`;
    return rects.join('') + (column % every === 0 ? label : '');
  });
  const abreast = participants.some(({ name }) => name.length > SHORT_NAME) ? 1 : 2;
  const legend = participants.map(({ name }, index) => {
    const x = (index % abreast) * (WIDTH / abreast);
    const y = CHART_HEIGHT + 30 + Math.floor(index / abreast) * LEGEND_ROW;
    const text = `${index + 1} ${printableHtml(name)}`;
    return `<rect x="${x}" y="${y}" width="12" height="12" fill="${fillOf(index)}"/><text x="${x + 18}" y="${y + 11}">${text}</text>`;
  });
  const height = CHART_HEIGHT + AXIS_HEIGHT + Math.floor((participants.length - 1) / abreast) * LEGEND_ROW;
  return svg('Votos por hora', height, columns.join('') + legend.join(''));
}

const svg = (title: string, height: number, content: string): string =>
  `<svg role="img" aria-label="${title}" viewBox="0 0 ${WIDTH} ${height}" width="100%"><defs>${HATCHING.join('')}</defs>${content}</svg>`;
