/** Keys that were added lately; of very many the oldest go. */
export class RecentSet {
  /** Key → when to forget it, on the clock of `performance.now()`: one that is set must not let anybody stay longer. */
  private readonly until = new Map<string, number>();

  /** @param lifetime ms */
  constructor(
    private readonly lifetime: number,
    private readonly most: number,
  ) {}

  has(key: string): boolean {
    return (this.until.get(key) ?? 0) > performance.now();
  }

  add(key: string): void {
    this.until.delete(key);
    this.until.set(key, performance.now() + this.lifetime);
    const [oldest = ''] = this.until.keys();
    if (this.until.size > this.most) this.until.delete(oldest);
  }
}
