/** What a browser keeps, by key. Where it blocks its storage, or has no room, it lasts as long as the page: nothing here throws. */
export class KeptTexts {
  readonly #area: () => Storage;
  readonly #memory = new Map<string, string>();

  constructor(area: () => Storage) {
    this.#area = area;
  }

  /** Null for what is not there. */
  load(key: string): string | null {
    try {
      return this.#area().getItem(key) ?? this.#memory.get(key) ?? null;
    } catch {
      return this.#memory.get(key) ?? null;
    }
  }

  /** @returns whether the browser has kept it: else it is gone with the page */
  save(key: string, value: string): boolean {
    this.#memory.set(key, value);
    try {
      this.#area().setItem(key, value);
      return true;
    } catch {
      return false;
    }
  }

  /** The keys that begin so, in no order. */
  keys(prefix: string): string[] {
    const known = new Set(this.#memory.keys());
    try {
      const area = this.#area();
      for (let at = 0; at < area.length; at++) known.add(area.key(at)!);
    } catch {
      // what this page was told is all there is
    }
    return [...known].filter((key) => key.startsWith(prefix));
  }

  remove(key: string): void {
    this.#memory.delete(key);
    try {
      this.#area().removeItem(key);
    } catch {
      // there was nothing
    }
  }
}

/** As long as the tab, also when the page is loaded again. */
export const ofTab = new KeptTexts(() => sessionStorage);

/** For all tabs of this browser, until somebody removes it. */
export const ofBrowser = new KeptTexts(() => localStorage);
