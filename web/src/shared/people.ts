/** How many a poll is between when nothing is known of it yet. */
const USUAL = 2;

/**
 * Keeps one element for each participant, numbered from 1 (`data-number`), within `root`, and says there how many there are
 * (`data-count`).
 * @param make a new one
 * @returns all of them, in the order of their numbers
 */
export function keepPeople<T extends HTMLElement | SVGElement>(
  root: HTMLElement,
  count: number | undefined,
  make: (number: number) => T,
): T[] {
  const wanted = count ?? USUAL;
  const kept = [...root.children].filter((child): child is T => (child as T).dataset['number'] !== undefined);
  for (const surplus of kept.splice(wanted)) surplus.remove();
  while (kept.length < wanted) {
    const number = kept.length + 1;
    const made = make(number);
    made.dataset['number'] = String(number);
    root.append(made);
    kept.push(made);
  }
  root.dataset['count'] = String(wanted);
  return kept;
}
