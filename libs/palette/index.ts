/** How one participant looks everywhere: colours, a shape and a pattern, so that colour never speaks alone. */
export interface Look {
  /** On the dark stage: fills, letters on the page, letters on the fill, the ground of a card. */
  readonly night: { readonly fill: string; readonly text: string; readonly on: string; readonly ground: string };
  /** On light pages and on paper. */
  readonly day: { readonly fill: string; readonly text: string; readonly on: string };
  /** Outline of the sign that holds the number, as a CSS `polygon()`; a circle without one. */
  readonly shape?: string;
  /** What hatches a fill, as an SVG path in a tile of `TILE` units a side; nothing: plain. */
  readonly pattern: string;
}

/** Side of the tile of a pattern. */
export const TILE = 12;

/** How dark the hatching lies on a fill, from 0 to 1. */
export const HATCH_OPACITY = 0.3;

/**
 * Of participant 1, 2, … 10. Neighbours differ in lightness as well as in hue, and no two share a shape or a pattern: people who
 * see few colours, and a grey copy, tell them apart.
 */
export const LOOKS: readonly Look[] = [
  {
    night: { fill: '#ffb43a', text: '#ffc463', on: '#231000', ground: '#2a1000' },
    day: { fill: '#c96f00', text: '#8a4a00', on: '#190b00' },
    pattern: '',
  },
  {
    night: { fill: '#5cabff', text: '#8cc4ff', on: '#00132e', ground: '#04122f' },
    day: { fill: '#1f6fd6', text: '#0d54b0', on: '#ffffff' },
    shape: '50% 0, 100% 50%, 50% 100%, 0 50%',
    pattern: 'M0 12 12 0H7L0 7zM12 12V7l-5 5z',
  },
  {
    night: { fill: '#2fd6a3', text: '#6be6c0', on: '#00251a', ground: '#03231a' },
    day: { fill: '#0a8a66', text: '#066049', on: '#ffffff' },
    shape: '6% 6%, 94% 6%, 94% 94%, 6% 94%',
    pattern: 'M1 1h4v4H1zM7 7h4v4H7z',
  },
  {
    night: { fill: '#ff86c8', text: '#ffa8d8', on: '#33001f', ground: '#2d0720' },
    day: { fill: '#c92a86', text: '#9c1664', on: '#ffffff' },
    shape: '25% 4%, 75% 4%, 100% 50%, 75% 96%, 25% 96%, 0 50%',
    pattern: 'M0 0 12 12V7L5 0zM0 12h5L0 7z',
  },
  {
    night: { fill: '#eef07a', text: '#f2f49c', on: '#1d1d00', ground: '#1f1f05' },
    day: { fill: '#7d7a00', text: '#5c5a00', on: '#ffffff' },
    shape: '50% 0, 100% 100%, 0 100%',
    pattern: 'M0 0h12v4H0z',
  },
  {
    night: { fill: '#b79bff', text: '#cdb9ff', on: '#190642', ground: '#180a35' },
    day: { fill: '#7446d8', text: '#5a2fb8', on: '#ffffff' },
    shape: '50% 0, 100% 38%, 81% 100%, 19% 100%, 0 38%',
    pattern: 'M0 0h4v12H0z',
  },
  {
    night: { fill: '#ff7f5c', text: '#ff9f84', on: '#300a00', ground: '#2e0d05' },
    day: { fill: '#d0432a', text: '#a62c14', on: '#ffffff' },
    shape: '30% 0, 70% 0, 100% 30%, 100% 70%, 70% 100%, 30% 100%, 0 70%, 0 30%',
    pattern: 'M0 0h12v3H3v9H0z',
  },
  {
    night: { fill: '#a5ecff', text: '#bff2ff', on: '#00212a', ground: '#04222b' },
    day: { fill: '#0b7f9b', text: '#075f75', on: '#ffffff' },
    shape: '22% 8%, 100% 8%, 78% 92%, 0 92%',
    pattern: 'M0 6 6 0l6 6v4L6 4l-6 6z',
  },
  {
    night: { fill: '#cf9f68', text: '#e0bb90', on: '#261300', ground: '#26160a' },
    day: { fill: '#8a5a2b', text: '#6c431c', on: '#ffffff' },
    shape: '28% 0, 72% 0, 72% 28%, 100% 28%, 100% 72%, 72% 72%, 72% 100%, 28% 100%, 28% 72%, 0 72%, 0 28%, 28% 28%',
    pattern: 'M0 0h6v6H0zM6 6h6v6H6z',
  },
  {
    night: { fill: '#dcd8e8', text: '#e6e3ef', on: '#17131f', ground: '#1b1824' },
    day: { fill: '#5b566b', text: '#48435a', on: '#ffffff' },
    shape: '0 8%, 100% 8%, 100% 62%, 50% 100%, 0 62%',
    pattern: 'M4 0h4v4h4v4H8v4H4V8H0V4h4z',
  },
];

/** The tokens of the looks for style sheets: `--p`, `--p-text`, `--on-p`, `--p-deep` and `--pattern` within `[data-number]`. */
export function paletteCss(): string {
  const night = LOOKS.map(({ night: { fill, text, on } }, index) => tokens(index + 1, { fill, text, on }));
  const day = LOOKS.map(({ day: look }, index) => tokens(index + 1, look));
  return `/* Made of libs/palette by npm run generate. */
:root { ${night.join('')} }
@media (prefers-color-scheme: light) { :root:not([data-theme='dark']) { ${day.join('')} } }
${LOOKS.map(numberCss).join('')}`;
}

const tokens = (number: number, { fill, text, on }: Look['day']): string =>
  `--p${String(number)}: ${fill}; --p${String(number)}-text: ${text}; --on-p${String(number)}: ${on};`;

function numberCss({ night, shape, pattern }: Look, index: number): string {
  const number = String(index + 1);
  return `[data-number='${number}'] {
  --p: var(--p${number}); --p-text: var(--p${number}-text); --on-p: var(--on-p${number});
  --p-night: ${night.fill}; --on-p-night: ${night.on}; --p-deep: ${night.ground};
  --shape: ${shape === undefined ? 'circle(50%)' : `polygon(${shape})`};
  --pattern: ${pattern === '' ? 'none' : `url("${patternImage(pattern)}")`};
}
`;
}

function patternImage(pattern: string): string {
  const path = `<path fill-opacity='${String(HATCH_OPACITY)}' d='${pattern}'/>`;
  const side = String(TILE);
  const image = `<svg xmlns='http://www.w3.org/2000/svg' width='${side}' height='${side}'>${path}</svg>`;
  return `data:image/svg+xml,${image.replaceAll('<', '%3C').replaceAll('>', '%3E').replaceAll('#', '%23')}`;
}
