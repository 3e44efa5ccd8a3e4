/**
 * What lasts as long as the tab, also when the page is loaded again. Where a browser blocks its storage, or has no room, it lasts as
 * long as the page: nothing here throws.
 */
const memory = new Map<string, string>();

/** Null for what is not there. */
export function load(key: string): string | null {
  try {
    return sessionStorage.getItem(key) ?? memory.get(key) ?? null;
  } catch {
    return memory.get(key) ?? null;
  }
}

export function save(key: string, value: string): void {
  memory.set(key, value);
  try {
    sessionStorage.setItem(key, value);
  } catch {
    // the page's own memory has it
  }
}

export function remove(key: string): void {
  memory.delete(key);
  try {
    sessionStorage.removeItem(key);
  } catch {
    // there was nothing
  }
}
