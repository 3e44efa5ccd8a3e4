const NAMESPACE = 'http://www.w3.org/2000/svg';

/** Makes an SVG element with attributes and children (strings become text). */
export function svg(
  tag: string,
  attributes: Record<string, string | number>,
  ...children: (Node | string)[]
): SVGElement {
  const element = document.createElementNS(NAMESPACE, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/** The size of a drawing area in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
  /** Of the letters in it, as the style sheet wants them. */
  readonly letters: number;
}

/** Too small to draw anything in. */
const MIN_SIDE = 10;

/**
 * Lets `draw` paint `root` at its real size, again whenever that changes, so that letters and lines keep their size. The browser
 * tells the size after it has made its layout: new data never force another one.
 * Returns a function that paints with new data; the same data again, by its key, paints nothing.
 */
export function drawable<T>(
  root: SVGElement,
  draw: (data: T, size: Size) => SVGElement[],
  keyOf: (data: T) => string = JSON.stringify,
): (data: T) => void {
  let latest: { data: T; key: string } | undefined;
  let size: Size | undefined;
  const paint = () => {
    if (!latest || !size || size.width < MIN_SIDE || size.height < MIN_SIDE) return;
    root.setAttribute('viewBox', `0 0 ${size.width} ${size.height}`);
    root.replaceChildren(...draw(latest.data, size));
  };
  new ResizeObserver(([entry]) => {
    if (!entry) return;
    const { width, height } = entry.contentRect;
    size = { width, height, letters: parseFloat(getComputedStyle(root).fontSize) };
    paint();
  }).observe(root);
  return (data) => {
    const key = keyOf(data);
    if (key === latest?.key) return;
    latest = { data, key };
    paint();
  };
}
