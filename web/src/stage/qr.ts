import { encode } from 'uqr';

import { svg } from '../shared/svg.ts';

/** White around the code, in modules: readers need four. */
const QUIET = 4;

/** A QR code, dark on white whatever the page looks like. It bears the loss of a quarter of it: light falls onto a wall. */
export function drawQr(text: string): SVGElement {
  const { data, size } = encode(text, { ecc: 'Q', border: 0 });
  const side = size + 2 * QUIET;
  let path = '';
  for (const [y, row] of data.entries()) {
    for (const [x, isDark] of row.entries()) if (isDark) path += `M${x + QUIET} ${y + QUIET}h1v1h-1z`;
  }
  return svg(
    'svg',
    {
      viewBox: `0 0 ${side} ${side}`,
      role: 'img',
      'aria-label': `Código QR: ${text}`,
      'shape-rendering': 'crispEdges',
    },
    svg('path', { d: `M0 0h${side}v${side}H0z`, fill: '#fff' }),
    svg('path', { d: path, fill: '#000' }),
  );
}
