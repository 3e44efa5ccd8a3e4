import type { Difference, RebuildResult } from '#projection';
import type { StoredTally } from '#read-model';

/** Both sides of a difference, in one line each. */
export function describeDifference({ active, rebuilt }: Difference): string {
  const { pollId } = active.snapshot;
  return `poll ${pollId} at position ${String(active.position)} differs\n  active:  ${numbers(active)}\n  rebuilt: ${numbers(rebuilt)}`;
}

function numbers({ digest, snapshot }: StoredTally): string {
  const { votes, duplicates, late, expired, quarantined, revision } = snapshot;
  const others = `duplicates ${duplicates}, late ${late}, expired ${expired}, quarantined ${quarantined}`;
  return `votes ${votes.join(' + ')}, ${others}, revision ${revision}, digest ${digest.slice(0, 16)}…`;
}

/** What came of it, and what there is to do. */
export function describeResult(result: RebuildResult): string {
  const { version, previousVersion, events, compared, differences, switched, handedOver } = result;
  const places = [...compared].map(([pollId, position]) => `poll ${pollId} at ${String(position)}`).join(', ');
  const folded = `${events.toLocaleString('en')} events folded; compared with version ${previousVersion}: ${places === '' ? 'nothing' : places}.`;
  if (!switched) {
    return `${folded}\nThey differ (${differences.length}): version ${previousVersion} stays. To switch all the same: npm run rebuild -- --accept-differences`;
  }
  const next = handedOver
    ? `Version ${previousVersion} is kept until: npm run rebuild -- --drop`
    : 'No projector took it over: it stands still until one is started.';
  return `${folded}\nVersion ${version} is active now. ${next}`;
}
