import type { TallySnapshot } from '#domain';
import { type Checkpoint, type StoredTally, digestOf } from '#read-model';

import { checked, skipped } from './checks.ts';
import { difference } from './counts.ts';
import type { Evidence } from './evidence.ts';
import { type Finding, Findings, finding } from './findings.ts';
import { type LoggedPoll, type LoggedPolls, pollAt } from './polls.ts';
import { plain } from './plain.ts';
import type { Check } from './report.ts';

/** All polls of the log beside all polls of the read model. */
export function pollsCheck({ polls, tallies, options, next, others }: Evidence): Check {
  if (polls === undefined) return skipped('polls', 'one-poll');
  const findings = Findings.of(polls.missing.map((poll) => finding('missing-poll', { poll })));
  findings.add(...polls.strays.map((stream) => finding('unknown-stream', { stream })));
  const { lost } = polls;
  if (lost !== undefined) findings.add(finding('missing-events', {}, String(lost.positions), String(lost.events)));
  // a poll of the past is not compared with the tallies of today
  if (tallies !== undefined && next === undefined) {
    findings.add(...tallyFindings(polls, tallies, options.pollId));
    if (others === undefined) findings.add(...quickFindings(polls, tallies, options.pollId));
    else findings.addAll(others);
  }
  const code = others === undefined ? 'polls' : 'polls-recounted';
  return checked('polls', { code, count: polls.polls.size }, findings);
}

/** What the read model has of all polls, and how far it says that it is; null: it says nothing that can be read. */
export interface StoredTallies {
  readonly all: ReadonlyMap<string, StoredTally>;
  readonly checkpoint: Checkpoint | null;
}

function* tallyFindings(logged: LoggedPolls, { all, checkpoint }: StoredTallies, audited: string): Iterable<Finding> {
  const { polls, head } = logged;
  if (checkpoint === null) yield finding('not-a-checkpoint', {});
  else yield* checkpointFindings(logged, checkpoint, Math.max(logged.clock, ...clocksOf(all)));
  for (const [poll, { position }] of all) {
    if (!polls.has(poll)) yield finding('foreign-tally', { poll });
    else if (position > head) yield finding('tally-ahead', { poll }, String(head), String(position));
  }
  for (const [poll, { decisions }] of polls) {
    if (poll === audited || all.has(poll) || decisions[0]!.position > (checkpoint?.position ?? 0n)) continue;
    yield finding('no-tally', { poll });
  }
}

/** A tally's own is compared with the log where it is counted. */
const clocksOf = (tallies: StoredTallies['all']): number[] =>
  [...tallies.values()].map(({ snapshot }) => (snapshot as Partial<TallySnapshot>).clock ?? 0);

/** By the list a service knows whose tallies to believe, by the clock a restart knows which ids still matter. */
function* checkpointFindings({ polls, head }: LoggedPolls, checkpoint: Checkpoint, clock: number): Iterable<Finding> {
  const { position } = checkpoint;
  if (position > head) yield finding('checkpoint-ahead', {}, String(head), String(position));
  if (checkpoint.clock > clock) yield* difference('tally-differs', { part: 'clock' }, clock, checkpoint.clock);
  if (checkpoint.polls === undefined) return;
  const listed = new Set<string>(Array.isArray(checkpoint.polls) ? checkpoint.polls : [String(checkpoint.polls)]);
  // a projector beside it may be further
  const expected = [...polls].filter(([poll, { decisions }]) => decisions[0]!.position <= position || listed.has(poll));
  const known = expected.map(([poll]) => poll).sort();
  yield* difference('tally-differs', { part: 'polls' }, known, [...listed].sort());
}

/** What can be said of other polls without counting them. The audited one is compared number by number. */
function* quickFindings({ polls }: LoggedPolls, { all }: StoredTallies, audited: string): Iterable<Finding> {
  for (const [poll, stored] of all) {
    const logged = polls.get(poll);
    if (logged === undefined || poll === audited) continue;
    try {
      yield* quickDifferences(logged, stored);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      yield finding('not-a-tally', { poll });
    }
  }
}

function* quickDifferences(logged: LoggedPoll, { position, digest, snapshot }: StoredTally): Iterable<Finding> {
  const at = { poll: logged.pollId };
  const own = digestOf(snapshot);
  yield* difference('tally-differs', { ...at, part: 'poll' }, plain(pollAt(logged, position)), plain(snapshot.poll));
  if (own !== digest) yield finding('tally-digest-differs', at, own, digest);
}
