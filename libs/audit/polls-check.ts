import type { StoredTally } from '#read-model';
import { digestOf } from '#read-model';

import { checked, skipped } from './checks.ts';
import { difference } from './counts.ts';
import type { Evidence } from './evidence.ts';
import { type Finding, Findings, finding } from './findings.ts';
import { type LoggedPolls, pollAt } from './polls.ts';
import { plain } from './plain.ts';
import type { Check } from './report.ts';

/** All polls of the log beside all polls of the read model. */
export function pollsCheck({ polls, tallies, options, next }: Evidence): Check {
  if (polls === undefined) return skipped('polls', 'one-poll');
  const findings = Findings.of(polls.missing.map((poll) => finding('missing-poll', { poll })));
  findings.add(...polls.strays.map((stream) => finding('unknown-stream', { stream })));
  // a poll of the past is not compared with the tallies of today
  if (tallies !== undefined && next === undefined) findings.add(...tallyFindings(polls, tallies, options.pollId));
  return checked('polls', { code: 'polls', count: polls.polls.size }, findings);
}

/** What the read model has of all polls, and how far it says that it is. */
export interface StoredTallies {
  readonly all: ReadonlyMap<string, StoredTally>;
  readonly checkpoint: bigint;
}

function* tallyFindings(
  { polls, head }: LoggedPolls,
  { all, checkpoint }: StoredTallies,
  audited: string,
): Iterable<Finding> {
  if (checkpoint > head) yield finding('checkpoint-ahead', {}, String(head), String(checkpoint));
  for (const [poll, stored] of all) {
    const logged = polls.get(poll);
    if (logged === undefined) yield finding('foreign-tally', { poll });
    else if (stored.position > head) yield finding('tally-ahead', { poll }, String(head), String(stored.position));
    // that one is compared number by number
    if (logged === undefined || poll === audited) continue;
    const at = { poll };
    yield* difference(
      'tally-differs',
      { ...at, part: 'poll' },
      plain(pollAt(logged, stored.position)),
      plain(stored.snapshot.poll),
    );
    const own = digestOf(stored.snapshot);
    if (own !== stored.digest) yield finding('tally-digest-differs', at, own, stored.digest);
  }
  for (const [poll, { decisions }] of polls) {
    if (poll === audited || all.has(poll) || decisions[0]!.position > checkpoint) continue;
    yield finding('no-tally', { poll });
  }
}
