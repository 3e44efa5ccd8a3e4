/**
 * A bounded map that forgets what was not used for longest. It has two generations: when the younger is full it becomes the
 * older, and what was in the older one is forgotten. Every operation takes constant time; deleting the oldest key of one large
 * `Map` does not.
 */
export class RecentMap<K, V> {
  private younger = new Map<K, V>();
  private older = new Map<K, V>();

  /** @param limit entries at most; the last half of that many are kept in any case */
  constructor(private readonly limit: number) {}

  /** The value of a key, which counts as used now. */
  get(key: K): V | undefined {
    const value = this.younger.get(key);
    if (value !== undefined) return value;
    const older = this.older.get(key);
    if (older !== undefined) this.set(key, older);
    return older;
  }

  set(key: K, value: V): void {
    if (this.younger.size >= this.limit / 2 && !this.younger.has(key)) {
      this.older = this.younger;
      this.younger = new Map();
    }
    this.younger.set(key, value);
  }

  delete(key: K): void {
    this.younger.delete(key);
    this.older.delete(key);
  }

  clear(): void {
    this.younger.clear();
    this.older.clear();
  }
}
