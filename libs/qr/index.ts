import { encode } from 'uqr';

/** White around the code, in modules: readers need four. */
const QUIET = 4;

/** A QR code as it is drawn: a white square of so many units a side, and the dark modules on it as an SVG path. */
export interface QrDrawing {
  readonly side: number;
  readonly path: string;
}

/** Draws a text as a QR code that bears the loss of a quarter of it: light falls onto a wall, paper is folded. */
export function qrDrawing(text: string): QrDrawing {
  const { data, size } = encode(text, { ecc: 'Q', border: 0 });
  let path = '';
  for (const [y, row] of data.entries()) {
    for (const [x, isDark] of row.entries()) if (isDark) path += `M${x + QUIET} ${y + QUIET}h1v1h-1z`;
  }
  return { side: size + 2 * QUIET, path };
}
