import { readFileSync } from 'node:fs';

import opentype from 'opentype.js';

import { fromRoot } from './project.mjs';

const SUBSETS = ['latin', 'latin-ext'];
const UNITS_PER_EM = 1000;

const fontOf = (subset) => {
  const path = `node_modules/@fontsource/roboto-condensed/files/roboto-condensed-${subset}-800-normal.woff`;
  const { buffer, byteOffset, byteLength } = readFileSync(fromRoot(path));
  return opentype.parse(buffer.slice(byteOffset, byteOffset + byteLength));
};

/** Every letter of Roboto Condensed ExtraBold for Latin scripts: its advance and its outline, in thousandths of an em, y downwards. */
export function outlines() {
  const letters = {};
  for (const font of SUBSETS.map(fontOf)) {
    for (const code of Object.keys(font.tables.cmap.glyphIndexMap).map(Number)) {
      const letter = String.fromCodePoint(code);
      const glyph = font.charToGlyph(letter);
      const width = Math.round((glyph.advanceWidth / font.unitsPerEm) * UNITS_PER_EM);
      letters[letter] ??= { width, outline: glyph.getPath(0, 0, UNITS_PER_EM).toPathData(0) };
    }
  }
  return letters;
}
