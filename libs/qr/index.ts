import { encode } from 'uqr';

/** White around the code, in modules: readers need four. */
const QUIET = 4;

/** A QR code as it is drawn: a white square of so many units a side, and the dark modules on it as an SVG path. */
export interface QrDrawing {
  readonly side: number;
  readonly path: string;
}

/** How much of a code may be lost: a quarter, or a seventh. */
export type QrLoss = 'quarter' | 'seventh';
const LEVELS = { quarter: 'Q', seventh: 'M' } as const;

/**
 * Draws a text as a QR code.
 * @param loss that it bears: light falls onto a wall, paper is folded. A long text has larger modules when it bears less
 */
export function qrDrawing(text: string, loss: QrLoss = 'quarter'): QrDrawing {
  const { data, size } = encode(text, { ecc: LEVELS[loss], border: 0 });
  let path = '';
  for (const [y, row] of data.entries()) {
    for (const [x, isDark] of row.entries()) if (isDark) path += `M${x + QUIET} ${y + QUIET}h1v1h-1z`;
  }
  return { side: size + 2 * QUIET, path };
}
