/** The element with this id. Throws when the page does not have it or it is of another kind: a fault of the build. */
export function byId<T extends Element>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new Error(`no ${kind.name} #${id}`);
}

/** The first element inside `root` that matches. Throws like `byId`. */
export function within<T extends Element>(root: ParentNode, selector: string, kind: new () => T): T {
  const found = root.querySelector(selector);
  if (found instanceof kind) return found;
  throw new Error(`no ${kind.name} ${selector}`);
}

/** A new element with text, or with other nodes, in it. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  content: string | readonly Node[] = '',
  className = '',
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (className !== '') made.className = className;
  made.append(...(typeof content === 'string' ? [content] : content));
  return made;
}

/** Shows a line for each text. Lines that are there are kept: whoever reads them is not disturbed. Returns them. */
export function showLines(list: HTMLElement, texts: readonly string[]): HTMLElement[] {
  while (list.childElementCount > texts.length) list.lastElementChild?.remove();
  while (list.childElementCount < texts.length) list.append(element('li'));
  const lines = [...list.children] as HTMLElement[];
  for (const [index, line] of lines.entries()) setText(line, texts[index] ?? '');
  return lines;
}

/** A path or a code, which may go on in another line behind each of its parts. */
export const breakable = (text: string): Node[] =>
  (text.match(/[^/-]*[/-]?/g) ?? []).filter((part) => part !== '').flatMap((part) => [new Text(part), element('wbr')]);

/** A new table row whose first cell is its header. `className` is that of the other cells. */
export function tableRow(
  head: string | readonly Node[],
  cells: readonly string[],
  className = '',
): HTMLTableRowElement {
  const header = element('th', head);
  header.scope = 'row';
  return element('tr', [header, ...cells.map((cell) => element('td', cell, className))]);
}

/**
 * Runs what a button asks for. Meanwhile the button is out of use, and pressing it again does nothing.
 * @returns undefined when it was out of use already. Rejects as `task` does.
 */
export async function whileBusy<T>(button: HTMLElement, task: () => Promise<T>): Promise<T | undefined> {
  if (button.getAttribute('aria-disabled') === 'true') return undefined;
  button.setAttribute('aria-disabled', 'true');
  try {
    return await task();
  } finally {
    button.setAttribute('aria-disabled', 'false');
  }
}

/** Sets the text only when it differs, so that live regions and layout are left in peace. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** How much room a name or title needs; the style sheets choose the size of the letters by it. */
type TextSize = 'curto' | 'medio' | 'longo';

/** Short up to `short` characters, long above 2.2 times as many. */
const textSize = (text: string, short: number): TextSize => {
  if (text.length > short * 2.2) return 'longo';
  return text.length > short ? 'medio' : 'curto';
};

/** Writes a participant's name or a title, marked with its size; `--letras` is the length of its longest word. */
export function setName(element: HTMLElement, name: string, short = 14): void {
  setText(element, name);
  element.dataset['tamanho'] = textSize(name, short);
  const longest = Math.max(...name.split(/\s+/).map((word) => word.length), 6);
  element.style.setProperty('--letras', String(longest));
}
