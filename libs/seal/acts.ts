import { type BallotBoxClosed, type PollEvent, type RecordedEvent, decisionIn } from '#domain';
import { CompactRange } from '#transparency';

import { LeafHasher } from './leaf.ts';

/** Leaves and root (hexadecimal) of a poll's own stream up to some event. */
export type Acts = NonNullable<BallotBoxClosed['acts']>;

/** A poll's own stream, as far as it was read: the log of acts. */
export class ActsLog {
  private readonly tree = new CompactRange();
  private readonly hasher = new LeafHasher();

  add(event: RecordedEvent): void {
    this.tree.append(this.hasher.hash(event));
  }

  get acts(): Acts {
    return { size: this.tree.size, root: Buffer.from(this.tree.root()).toString('hex') };
  }
}

/**
 * The first decision of a kind, and the acts up to it.
 * @param decisions the poll's own stream from its beginning
 */
export function actsUpTo<T extends PollEvent['type']>(
  type: T,
  decisions: Iterable<RecordedEvent>,
): { readonly decision: Extract<PollEvent, { type: T }>; readonly acts: Acts } | undefined {
  const log = new ActsLog();
  for (const event of decisions) {
    log.add(event);
    const decision = decisionIn(event);
    if (decision?.type === type) return { decision: decision as Extract<PollEvent, { type: T }>, acts: log.acts };
  }
  return undefined;
}
