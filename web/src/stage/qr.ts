import { qrDrawing } from '../../../libs/qr/index.ts';

import { svg } from '../shared/svg.ts';

/** A QR code, dark on white whatever the page looks like. */
export function drawQr(text: string): SVGElement {
  const { side, path } = qrDrawing(text);
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
