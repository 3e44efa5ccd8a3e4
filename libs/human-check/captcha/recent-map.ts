/** A bounded map that forgets the oldest first: two generations, of which the younger becomes the older when it is full. */
export class RecentMap<V> {
  private younger = new Map<string, V>();
  private older = new Map<string, V>();

  /** @param limit entries at most; the last half of that many are kept in any case */
  constructor(private readonly limit: number) {}

  get(key: string): V | undefined {
    return this.younger.get(key) ?? this.older.get(key);
  }

  set(key: string, value: V): void {
    if (this.younger.size >= this.limit / 2) {
      this.older = this.younger;
      this.younger = new Map();
    }
    this.younger.set(key, value);
  }

  delete(key: string): void {
    this.younger.delete(key);
    this.older.delete(key);
  }
}
