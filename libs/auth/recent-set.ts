import { RecentMap } from '#collections';

/** Keys that were added lately; of very many, those that were not used for longest go. */
export class RecentSet {
  /** Key → when to forget it, on the clock of `performance.now()`: setting the wall clock must not keep a key longer. */
  private readonly until: RecentMap<string, number>;

  /**
   * @param lifetime ms
   * @param most keys at a time; half of that many are kept in any case
   */
  constructor(
    private readonly lifetime: number,
    most: number,
  ) {
    this.until = new RecentMap(most);
  }

  has(key: string): boolean {
    return (this.until.get(key) ?? 0) > performance.now();
  }

  add(key: string): void {
    this.until.set(key, performance.now() + this.lifetime);
  }
}
