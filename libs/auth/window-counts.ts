interface Window {
  count: number;
  /** On the clock of `performance.now()`, ms: a clock that is set makes no window longer or shorter. */
  readonly endsAt: number;
}

/** Keys that are counted at a time, about 100 bytes each. */
const MAX_KEYS = 200_000;

/** Counts by key. The first one begins the window of its key; when that is over, or very many others came, the key is forgotten. */
export class WindowCounts {
  /** Windows are all of one length: the map is in the order in which they end. */
  private readonly windows = new Map<string, Window>();

  /** @param lengthMs of a window */
  constructor(
    private readonly lengthMs: number,
    private readonly most = MAX_KEYS,
  ) {}

  /** How often a key was counted in its present window, and how long that still is, ms. */
  get(key: string): { readonly count: number; readonly leftMs: number } {
    this.forget();
    const { count, endsAt } = this.windows.get(key) ?? { count: 0, endsAt: performance.now() };
    return { count, leftMs: endsAt - performance.now() };
  }

  /** @returns how often the key was counted in its window, this time included */
  add(key: string): number {
    this.forget();
    const window = this.windows.get(key) ?? { count: 0, endsAt: performance.now() + this.lengthMs };
    this.windows.set(key, window);
    const [oldest = ''] = this.windows.keys();
    if (this.windows.size > this.most) this.windows.delete(oldest);
    return ++window.count;
  }

  delete(key: string): void {
    this.windows.delete(key);
  }

  private forget(): void {
    const now = performance.now();
    for (const [key, { endsAt }] of this.windows) {
      if (endsAt > now) return;
      this.windows.delete(key);
    }
  }
}
