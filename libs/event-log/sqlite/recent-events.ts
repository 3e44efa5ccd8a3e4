import type { RecordedEvent } from '#domain';

/** Events kept, at least as long as there were so many. */
const KEPT_EVENTS = 4096;

/** The newest events of the log, without gaps, so that subscribers who keep up need not ask the file. */
export class RecentEvents {
  private appends: (readonly RecordedEvent[])[] = [];
  private size = 0;

  /** @param events of one append. Where some are missing before them (a commit that failed, or did it?) all older are forgotten. */
  add(events: readonly RecordedEvent[]): void {
    const [first] = events;
    if (first === undefined) return;
    const last = this.appends.at(-1)?.at(-1);
    if (last !== undefined && last.position + 1n !== first.position) {
      this.appends = [];
      this.size = 0;
    }
    this.appends.push(events);
    this.size += events.length;
    while (this.size - (this.appends[0]?.length ?? 0) >= KEPT_EVENTS) this.size -= this.appends.shift()?.length ?? 0;
  }

  /**
   * The events behind a position and up to `until` in the streams with one of the prefixes, `limit` of them at most.
   * @returns undefined when older ones would be among them
   */
  between(position: bigint, until: bigint, prefixes: readonly string[], limit: number): RecordedEvent[] | undefined {
    const oldest = this.appends[0]?.[0];
    if (oldest === undefined || oldest.position > position + 1n) return undefined;
    const found: RecordedEvent[] = [];
    for (const events of this.behind(position)) {
      const stream = events[0]?.stream ?? '';
      if (!prefixes.some((prefix) => stream.startsWith(prefix))) continue;
      for (const event of events) {
        if (event.position > until || found.length === limit) return found;
        if (event.position > position) found.push(event);
      }
    }
    return found;
  }

  /** The appends with an event behind a position. Those who keep up ask for the last ones. */
  private behind(position: bigint): (readonly RecordedEvent[])[] {
    let from = this.appends.length;
    while (from > 0 && (this.appends[from - 1]?.at(-1)?.position ?? 0n) > position) from--;
    return this.appends.slice(from);
  }
}
