import { element, setText } from './dom.ts';

/** Letters of the ruler, px: large, so that rounding to whole pixels does not matter. */
const RULER_SIZE = 100;
/** What numbers are made of, so that one look at the ruler is enough. */
const USUAL = '0123456789.,%–';

/** Widths of the glyphs of numbers, in sizes of the letters. */
const widths = new Map<string, number>();

/** Measures glyphs that were not measured yet: all of them in one layout. */
function measure(glyphs: readonly string[]): void {
  const marks = glyphs.map((glyph) => element('span', glyph));
  const ruler = element('div', marks, 'number ruler');
  ruler.style.fontSize = `${RULER_SIZE}px`;
  document.body.append(ruler);
  const found = marks.map((mark) => mark.getBoundingClientRect().width);
  ruler.remove();
  for (const [index, glyph] of glyphs.entries()) widths.set(glyph, found[index]! / RULER_SIZE);
}

/**
 * How wide a number is in the font of `.number`, in sizes of its letters. That font has figures of one width and is not kerned
 * (`.number`), so glyphs add up, and each is measured once as long as the page is there.
 */
export function widthOf(text: string): number {
  const unknown = new Set([...(widths.size === 0 ? USUAL : ''), ...text].filter((glyph) => !widths.has(glyph)));
  if (unknown.size > 0) measure([...unknown]);
  return [...text].reduce((sum, glyph) => sum + widths.get(glyph)!, 0);
}

/** Tells the style sheet how wide something is (`--em`), so that it chooses letters that fit: without a script, whenever its place changes. */
export function setWidth(field: HTMLElement, width: number): void {
  const em = width.toFixed(2);
  if (field.style.getPropertyValue('--em') !== em) field.style.setProperty('--em', em);
}

/** Sets a number and how wide it is. */
export function setFitted(field: HTMLElement, text: string): void {
  setText(field, text);
  setWidth(field, widthOf(text));
}
