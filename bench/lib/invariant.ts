import { setTimeout as delay } from 'node:timers/promises';

import { type Total, votesIn } from '#contract';
import type { EventLog } from '#event-log';
import type { ReadModel } from '#read-model';

import type { Api } from './api.ts';
import { type CountedNumbers, Recount } from './recount.ts';
import { type StoresPlace, withEventLog, withReadModel } from './stores.ts';

export interface InvariantInput {
  readonly pollId: string;
  /** Ids of the votes that voters were told are stored → the participant they voted for. */
  readonly acknowledged: ReadonlyMap<string, number>;
  readonly stores: StoresPlace;
  /** Answer of `/total` for the poll, once it had caught up; without it only the stored tally is compared. */
  readonly total?: Total;
  /** The server has gone, and its tallies may be behind: only the log is looked at. */
  readonly gone?: string;
}

/** What the check found. */
export interface InvariantResult {
  readonly holds: boolean;
  /** Votes the voters know are stored, and different votes in the ballot box. */
  readonly acknowledged: number;
  readonly distinct: number;
  readonly recount: CountedNumbers;
  /** The first of what does not agree, in words. */
  readonly differences: readonly string[];
  readonly differenceCount: number;
}

const SHOWN_DIFFERENCES = 20;
const CATCH_UP_LIMIT_MS = 60_000;
const CATCH_UP_POLL_MS = 100;

/**
 * Checks, vote by vote, that an acknowledged vote is in the log and counts once: acknowledged ⊆ distinct in the log;
 * distinct = counted + late + expired + quarantined; each acknowledged vote is counted for its participant; the stored
 * tally and `/total` say what an independent recount of the log says. The projection must have caught up before.
 * @throws EventLogUnavailableError when there is no log
 */
export async function checkInvariant(input: InvariantInput): Promise<InvariantResult> {
  const { pollId, acknowledged, stores, total, gone } = input;
  const recount = await recountBox(stores, pollId);
  const recounted = recount.numbers();
  const differences = [...compareVotes(acknowledged, recount)];
  const stored =
    gone === undefined ? await withReadModel(stores, (readModel) => storedNumbers(readModel, pollId)) : undefined;
  if (stored === 'missing') differences.push('there is no stored tally');
  else if (stored) differences.push(...compareNumbers('the stored tally', stored, recounted, recount.distinct));
  if (total) differences.push(...compareNumbers('/total', numbersOfTotal(total), recounted, recount.distinct));
  return {
    holds: differences.length === 0,
    acknowledged: acknowledged.size,
    distinct: recount.distinct,
    recount: recounted,
    differences: differences.slice(0, SHOWN_DIFFERENCES),
    differenceCount: differences.length,
  };
}

/** Revision of the last event of a poll's ballot box, -1 when it is empty: what a projection that caught up has. */
export function lastRevision(stores: StoresPlace, pollId: string, from = 0n): Promise<bigint> {
  return withEventLog(stores, async (log) => {
    let last = from - 1n;
    for await (const page of log.read(`votes-${pollId}`, from)) last = page.at(-1)?.revision ?? last;
    return last;
  });
}

/** @returns `/total` once it has everything that is in the log, or what it had when it took too long */
export async function caughtUp(api: Api, stores: StoresPlace, pollId: string): Promise<Total> {
  const last = await lastRevision(stores, pollId);
  const deadline = performance.now() + CATCH_UP_LIMIT_MS;
  for (;;) {
    const total = await api.total(pollId);
    if (BigInt(total.revisao) >= last || performance.now() > deadline) return total;
    await delay(CATCH_UP_POLL_MS);
  }
}

/** What does not agree between the votes that were acknowledged and those in the box. */
function* compareVotes(acknowledged: ReadonlyMap<string, number>, recount: Recount): Iterable<string> {
  if (recount.gaps > 0) yield `the revisions of the ballot box have ${String(recount.gaps)} gaps`;
  for (const [id, participant] of acknowledged) {
    const ballot = recount.ballots.get(id);
    if (ballot === undefined) yield `acknowledged vote ${id} is not in the log`;
    else if (ballot.participant !== participant)
      yield `acknowledged vote ${id} is for participant ${ballot.participant}`;
    else if (ballot.verdict !== 'counted') yield `acknowledged vote ${id} is ${ballot.verdict}`;
  }
}

/** Where the numbers of a tally differ from a recount, and whether they add up to the distinct votes. */
function* compareNumbers(
  name: string,
  actual: CountedNumbers,
  recounted: CountedNumbers,
  distinct: number,
): Iterable<string> {
  for (const key of Object.keys(recounted) as (keyof CountedNumbers)[]) {
    const [is, shouldBe] = [actual[key], recounted[key]].map((value) => canonical(value));
    if (is !== shouldBe) yield `${name} has ${key} ${String(is)}, the recount ${String(shouldBe)}`;
  }
  const sum =
    actual.votes.reduce((total, votes) => total + votes, 0) + actual.late + actual.expired + actual.quarantined;
  if (sum !== distinct) {
    yield `${name}: counted + late + expired + quarantined is ${String(sum)}, the log has ${String(distinct)} distinct votes`;
  }
}

function canonical(value: CountedNumbers[keyof CountedNumbers]): string {
  const isRecord = typeof value === 'object' && !Array.isArray(value);
  return JSON.stringify(isRecord ? Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)) : value);
}

function recountBox(stores: StoresPlace, pollId: string): Promise<Recount> {
  return withEventLog(stores, async (log) => {
    const recount = new Recount(await participantsOf(log, pollId));
    for await (const page of log.read(`votes-${pollId}`, 0n)) for (const event of page) recount.add(event);
    return recount;
  });
}

/** How many take part, as the opening says; two where nobody opened it. */
async function participantsOf(log: EventLog, pollId: string): Promise<number> {
  for await (const page of log.read(`poll-${pollId}`, 0n)) {
    const opening = page.find(({ type }) => type === 'PollOpened');
    if (opening === undefined) continue;
    return (JSON.parse(Buffer.from(opening.data).toString()) as { participants: unknown[] }).participants.length;
  }
  return 2;
}

async function storedNumbers(readModel: ReadModel, pollId: string): Promise<CountedNumbers | 'missing'> {
  const snapshot = (await (await readModel.current()).load(pollId))?.snapshot;
  if (snapshot === undefined) return 'missing';
  const { votes, hours, duplicates, late, expired, quarantined, revision, cut } = snapshot;
  return { votes, hours, duplicates, late, expired, quarantined, revision, final: cut !== null };
}

function numbersOfTotal(total: Total): CountedNumbers {
  const HOUR_LENGTH = 13;
  return {
    votes: votesIn(total),
    hours: Object.fromEntries(total.por_hora.map((row) => [row.hora.slice(0, HOUR_LENGTH), votesIn(row)])),
    duplicates: total.duplicados,
    late: total.atrasados,
    expired: total.expirados,
    quarantined: total.quarentena,
    final: total.final,
    revision: total.revisao,
  };
}
