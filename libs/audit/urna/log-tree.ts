import type { RecordedEvent } from '#domain';
import { LeafHasher } from '#seal';
import { CompactRange, EMPTY_ROOT, base64 } from '#transparency';

/** Merkle tree of a log as its events are read, which keeps its roots at the sizes that somebody signed. */
export class LogTree {
  private readonly tree = new CompactRange();
  private readonly hasher = new LeafHasher();
  /** The sizes that are still to come, the smallest last. */
  private readonly asked: number[];
  private readonly roots = new Map<number, string>([[0, base64(EMPTY_ROOT)]]);

  /** @param sizes leaves at which the root will be asked for */
  constructor(sizes: Iterable<number>) {
    this.asked = [...new Set(sizes)].sort((one, other) => other - one);
    while (this.asked.at(-1) === 0) this.asked.pop();
  }

  /** Leaves. */
  get size(): number {
    return this.tree.size;
  }

  /** @param isKept whether the root with this event is kept, asked for or not */
  add(event: RecordedEvent, isKept = false): void {
    this.tree.append(this.hasher.hash(event));
    const isAsked = this.tree.size === this.asked.at(-1);
    if (isAsked || isKept) this.roots.set(this.tree.size, base64(this.tree.root()));
    if (isAsked) this.asked.pop();
  }

  /**
   * The root that the tree had, base64.
   * @returns undefined where it has not grown as large, or this was not asked for
   */
  rootAt(size: number): string | undefined {
    return this.roots.get(size);
  }
}
