import { type QrLoss, qrDrawing } from '../../../libs/qr/index.ts';

import { svg } from './svg.ts';

/**
 * A QR code, dark on white whatever the page looks like.
 * @param label what ears are told that it is
 */
export function drawQr(text: string, label = `Código QR: ${text}`, loss?: QrLoss): SVGElement {
  const { side, path } = qrDrawing(text, loss);
  return svg(
    'svg',
    { viewBox: `0 0 ${side} ${side}`, role: 'img', 'aria-label': label, 'shape-rendering': 'crispEdges' },
    svg('path', { d: `M0 0h${side}v${side}H0z`, fill: '#fff' }),
    svg('path', { d: path, fill: '#000' }),
  );
}
