import { type QuarantinedEvent, type TallySnapshot, totalOf } from '#domain';

/** What the projection counted over all polls, by outcome. */
export type Totals = Record<'counted' | 'duplicate' | 'late' | 'expired' | 'quarantined', number>;

/** What could not be read of one poll since the last time. */
export interface QuarantineNews {
  readonly pollId: string;
  readonly events: readonly QuarantinedEvent[];
  /** How many there are by now. */
  readonly total: number;
  /** How many of those are counted only: a tally lists the first hundred. */
  readonly unlisted: number;
}

/** Sums over all polls. */
export function totalsOf(snapshots: readonly TallySnapshot[]): Totals {
  const totals: Totals = { counted: 0, duplicate: 0, late: 0, expired: 0, quarantined: 0 };
  for (const snapshot of snapshots) {
    totals.quarantined += snapshot.quarantined;
    // nobody shall take its votes for real ones; what cannot be read is a fault whoever wrote it
    if (snapshot.poll?.rehearsal) continue;
    totals.counted += totalOf(snapshot);
    totals.duplicate += snapshot.duplicates;
    totals.late += snapshot.late;
    totals.expired += snapshot.expired;
  }
  return totals;
}

/** What was quarantined from one tally of a poll to the next; undefined: nothing. */
export function quarantineNews(before: TallySnapshot | undefined, after: TallySnapshot): QuarantineNews | undefined {
  const { pollId, quarantine, quarantined: total } = after;
  if (total === (before?.quarantined ?? 0)) return undefined;
  const events = quarantine.slice(before?.quarantine.length);
  return { pollId, events, total, unlisted: total - quarantine.length };
}
