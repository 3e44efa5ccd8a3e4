import { escapeHtml } from './escape.ts';
import { number, percent } from './formats.ts';
import type { ReportWords } from './words.ts';

const WIDTH = 720;
const BAR_HEIGHT = 34;
const LABEL_WIDTH = 170;
const VALUE_WIDTH = 170;
const CHART_HEIGHT = 220;
const AXIS_HEIGHT = 44;
const LABELS_AT_MOST = 24;

/** As on every page, on paper: 1 amber, 2 blue and hatched, so that they are told apart in a grey copy too. */
const FILLS = ['#c96f00', 'url(#hatch)'];
const HATCH =
  '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">' +
  '<rect width="6" height="6" fill="#2f5fe0"/><rect width="2" height="6" fill="#16307a"/></pattern></defs>';

const fillOf = (index: number): string => FILLS[index % FILLS.length]!;

/** Share of each participant as bars, with the numbers beside them. */
export function participantsChart({ participants }: ReportWords): string {
  const bars = participants.map(({ name, votes, share }, index) => {
    const y = index * (BAR_HEIGHT + 10);
    const width = ((WIDTH - LABEL_WIDTH - VALUE_WIDTH) * share) / 100;
    const middle = y + BAR_HEIGHT / 2 + 5;
    return (
      `<text x="0" y="${middle}">${escapeHtml(name.slice(0, 22))}</text>` +
      `<rect x="${LABEL_WIDTH}" y="${y}" width="${width.toFixed(1)}" height="${BAR_HEIGHT}" fill="${fillOf(index)}"/>` +
      `<text x="${(LABEL_WIDTH + width + 8).toFixed(1)}" y="${middle}">${percent(share)} · ${number(votes)}</text>`
    );
  });
  return svg('Votos por participante', participants.length * (BAR_HEIGHT + 10), bars.join(''));
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
  const legend = participants.map(({ name }, index) => {
    const x = index * (WIDTH / 2);
    const y = CHART_HEIGHT + 30;
    return `<rect x="${x}" y="${y}" width="12" height="12" fill="${fillOf(index)}"/><text x="${x + 18}" y="${y + 11}">${escapeHtml(name)}</text>`;
  });
  return svg('Votos por hora', CHART_HEIGHT + AXIS_HEIGHT, columns.join('') + legend.join(''));
}

const svg = (title: string, height: number, content: string): string =>
  `<svg role="img" aria-label="${title}" viewBox="0 0 ${WIDTH} ${height}" width="100%">${HATCH}${content}</svg>`;
