import outlines from './outlines.json' with { type: 'json' };

interface Letter {
  /** Advance, thousandths of the size. */
  readonly width: number;
  /** SVG path data in thousandths of the size, from the baseline, y downwards. */
  readonly outline: string;
}

const EM = 1000;
const LETTERS: Readonly<Record<string, Letter | undefined>> = outlines;
/** Behind a text that was cut. */
const ELLIPSIS = '…';

/** The letters that can be drawn: marks that are not there are left out, and what is in no Latin script as well. */
function drawable(text: string): Letter[] {
  return [...text.normalize('NFC')].flatMap((letter) => {
    const found = LETTERS[letter] ?? LETTERS[letter.normalize('NFD')[0] ?? ''];
    return found === undefined ? [] : [found];
  });
}

/** Width of a line, in the unit of `size`. */
export const widthOf = (text: string, size: number): number =>
  (drawable(text).reduce((sum, { width }) => sum + width, 0) * size) / EM;

/**
 * A line as an SVG group of outlines: it looks alike wherever it is drawn, whatever fonts are there.
 * @param x where the line begins, y its baseline; `size` of the letters, in the unit of both
 */
export function lettersOf(text: string, { x, y, size }: { x: number; y: number; size: number }, fill: string): string {
  let at = 0;
  const paths = drawable(text).map(({ width, outline }) => {
    const path = outline === '' ? '' : `<path transform="translate(${at} 0)" d="${outline}"/>`;
    at += width;
    return path;
  });
  return `<g fill="${fill}" transform="translate(${x} ${y}) scale(${size / EM})">${paths.join('')}</g>`;
}

/** A text as it fits a place. */
export interface Fitted {
  readonly lines: readonly string[];
  readonly size: number;
}

/** Words in lines of at most this width; a word that is wider has a line of its own. */
function wrapped(text: string, width: number, size: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)!} ${word}`;
    if (lines.length > 0 && widthOf(longer, size) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

function cut(line: string, width: number, size: number): string {
  if (widthOf(line, size) <= width) return line;
  const letters = [...line];
  while (letters.length > 0 && widthOf(`${letters.join('')}${ELLIPSIS}`, size) > width) letters.pop();
  return `${letters.join('').trimEnd()}${ELLIPSIS}`;
}

/**
 * A text in the largest letters with which it fits; in the smallest it is cut.
 * @param place width in the unit of the sizes, and the most lines
 */
export function fitted(
  text: string,
  { width, lines: most, largest, smallest }: { width: number; lines: number; largest: number; smallest: number },
): Fitted {
  for (let size = largest; size >= smallest; size -= 2) {
    const lines = wrapped(text, width, size);
    if (lines.length <= most && lines.every((line) => widthOf(line, size) <= width)) return { lines, size };
  }
  const lines = wrapped(text, width, smallest);
  const kept = lines.length <= most ? lines : [...lines.slice(0, most - 1), lines.slice(most - 1).join(' ')];
  return { lines: kept.map((line) => cut(line, width, smallest)), size: smallest };
}
