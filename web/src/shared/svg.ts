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
}

/**
 * Lets `draw` paint `root` at its real size, again whenever that changes, so that letters and lines keep their size.
 * Returns a function that paints with new data; the same data again, by its key, paints nothing.
 */
export function drawable<T>(
  root: SVGElement,
  draw: (data: T, size: Size) => SVGElement[],
  keyOf: (data: T) => string = JSON.stringify,
): (data: T) => void {
  let latest: { data: T; key: string } | undefined;
  const paint = () => {
    const { width, height } = root.getBoundingClientRect();
    if (!latest || width < 10 || height < 10) return;
    root.setAttribute('viewBox', `0 0 ${width} ${height}`);
    root.replaceChildren(...draw(latest.data, { width, height }));
  };
  new ResizeObserver(paint).observe(root);
  return (data) => {
    const key = keyOf(data);
    if (key === latest?.key) return;
    latest = { data, key };
    paint();
  };
}
