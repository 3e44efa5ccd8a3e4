import { describe, expect, it, jest } from '@jest/globals';

import { ID_GRACE_MS, type RecordedEvent, type TallySnapshot, Tally, decodeVoteCast, totalOf } from '../index.ts';
import { MINUTE, NOON, POLL_ID, SECOND, record, vote } from '../testing/ballot-box.ts';
import { randomBallotBox } from '../testing/random-ballot-box.ts';
import { recountByRule2 } from '../testing/recount-by-rule-2.ts';
import { restarted, tallyOf } from '../testing/tally-specification.ts';

const HISTORIES = 2000;
// a second each on an idle machine, but machines are busy
jest.setTimeout(60_000);

/** Everything a tally is, but for where its window begins: a restart may find a later place that is as good. */
const essence = ({ windowFrom: _, ...rest }: TallySnapshot): string => JSON.stringify(rest);

/** Runs a property over many ballot boxes; says which seed broke it. */
function forRandomBoxes(property: (events: RecordedEvent[]) => void): void {
  for (let seed = 0; seed < HISTORIES; seed++) {
    try {
      property(record(randomBallotBox(seed)));
    } catch (error) {
      throw new Error(`broken by the ballot box of seed ${seed}`, { cause: error });
    }
  }
}

/** Cheap where they are the same: it is asked a hundred thousand times. */
function expectSame(snapshot: TallySnapshot, straight: TallySnapshot, restartedAt: number): void {
  if (essence(snapshot) === essence(straight)) return;
  const told = ({ windowFrom: _, ...rest }: TallySnapshot): object => ({ restartedAt, ...rest });
  expect(told(snapshot)).toEqual(told(straight));
}

/** Lengths of the prefixes that a projector may have folded when it stops: a position is never split. */
const restartPoints = (events: readonly RecordedEvent[]): number[] =>
  [...events.keys(), events.length].filter((length) => events[length]?.position !== events[length - 1]?.position);

describe('a tally of any ballot box', () => {
  it('is the same after a restart at any point', () => {
    forRandomBoxes((events) => {
      const straight = tallyOf(events).snapshot();
      const running = new Tally(POLL_ID);
      let done = 0;
      for (const length of restartPoints(events)) {
        for (; done < length; done++) running.fold(events[done]!);
        const tally = restarted(running, events.slice(0, length));
        for (const event of events.slice(length)) tally.fold(event);
        expectSame(tally.snapshot(), straight, length);
      }
    });
  });

  it('is the same when it restarts all the time', () => {
    forRandomBoxes((events) => {
      let tally = new Tally(POLL_ID);
      let done = 0;
      for (const length of restartPoints(events)) {
        for (const event of events.slice(done, length)) tally.fold(event);
        tally = restarted(tally, events.slice(0, length));
        done = length;
      }
      expectSame(tally.snapshot(), tallyOf(events).snapshot(), done);
    });
  });

  it('tells every event in the box by exactly one outcome', () => {
    forRandomBoxes((events) => {
      const snapshot = tallyOf(events).snapshot();
      const { duplicates, late, expired, quarantined } = snapshot;
      const cuts = events.filter(({ type }) => type === 'BallotBoxClosed').length;
      const openings = events.filter(isOpening).length;
      expect(totalOf(snapshot) + duplicates + late + expired + quarantined + cuts + openings).toBe(events.length);
    });
  });

  it('agrees with a recount that forgets nothing', () => {
    const seen = { votes: 0, duplicates: 0, late: 0, expired: 0, quarantined: 0 };
    forRandomBoxes((events) => {
      const snapshot = tallyOf(events).snapshot();
      const recounted = recount(events);
      expect(snapshot).toMatchObject(recounted);
      seen.votes += totalOf(snapshot);
      for (const outcome of ['duplicates', 'late', 'expired', 'quarantined'] as const)
        seen[outcome] += snapshot[outcome];
    });
    // the boxes are worth their name only if every outcome is common in them
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(HISTORIES / 4);
  });
});

/** Elsewhere than in front it opens nothing. */
const isOpening = ({ type, revision }: RecordedEvent): boolean => type === 'BallotBoxOpened' && revision === 0n;

/** The rules once more, as simple as can be: every id is kept for ever, together with when it may be forgotten. */
function recount(events: readonly RecordedEvent[]): Partial<TallySnapshot> {
  const keptUntil = new Map<string, number>();
  const result = { votes: [0, 0], duplicates: 0, late: 0, expired: 0, quarantined: 0 };
  let clock = 0;
  let isCut = false;
  for (const event of events) {
    const { type, data, recordedAt } = event;
    clock = Math.max(clock, recordedAt);
    if (type === 'BallotBoxClosed') isCut = true;
    else if (isOpening(event)) continue;
    else if (type !== 'VoteCast' || data.length < 10) result.quarantined++;
    else {
      const { voteId, participantId, expiresAt } = decodeVoteCast(event);
      const until = expiresAt + ID_GRACE_MS;
      const known = (keptUntil.get(voteId) ?? -1) >= clock;
      if (clock > until) result.expired++;
      else {
        keptUntil.set(voteId, Math.max(until, keptUntil.get(voteId) ?? 0));
        if (known) result.duplicates++;
        else if (participantId > 2) result.quarantined++;
        else if (isCut) result.late++;
        else result.votes[participantId - 1]!++;
      }
    }
  }
  return result;
}

describe('the ids that a restart has to read again', () => {
  it('are those of the last minutes, however long the poll runs', () => {
    const votes = Array.from({ length: 7200 }, (_, second) =>
      vote(`v${second}`, 1, { castAt: NOON + second * SECOND }),
    );
    const events = record(votes);
    const tally = new Tally(POLL_ID);
    for (const event of events) {
      tally.fold(event);
      const from = BigInt(tally.snapshot().windowFrom);
      const oldestNeeded = event.recordedAt - 6 * MINUTE;
      const reread = events.filter(({ position }) => position > from && position <= event.position);
      expect(reread.length).toBeLessThanOrEqual(7 * 60 + 1);
      if (event.recordedAt >= NOON + 6 * MINUTE) expect(reread[0]!.recordedAt).toBeLessThanOrEqual(oldestNeeded);
    }
  });

  it('are none once the clock of the log has passed them all', () => {
    const events = record([vote('a'), vote('b'), vote('b', 1, { castAt: NOON, recordedAt: NOON + 8 * MINUTE })]);
    const { windowFrom, windowUntil } = tallyOf(events).snapshot();
    expect(windowFrom).toBe(String(events[2]!.position));
    expect(windowUntil).toBe(NOON + 6 * MINUTE);
  });
});

describe('a tally of any ballot box of rule 2', () => {
  it('counts each id once, whatever the clocks say', () => {
    for (let seed = 0; seed < HISTORIES; seed++) {
      const events = record(randomBallotBox(seed, 2));
      const snapshot = tallyOf(events).snapshot();
      expect({ seed, ...snapshot }).toMatchObject({ seed, ...recountByRule2(events) });
      expect(restarted(tallyOf(events), events).snapshot()).toMatchObject(recountByRule2(events));
    }
  });
});
