import { describe, expect, it, jest } from '@jest/globals';

import { BoxPlace } from './box-place.ts';
import { type IdLimits, type IdRefill, IdsByExpiry, MissingIdsError } from './ids-by-expiry.ts';
import { type RecordedEvent, decodeVoteCast, VoteCodec } from '../index.ts';
import { HOUR, MINUTE, NOON, record, voteOfRule2 } from '../testing/ballot-box.ts';
import { randomFrom } from '../testing/random.ts';

jest.setTimeout(60_000);

/** So small that everything is forgotten and read again all the time. */
const TIGHT: IdLimits = { heldIds: 3, idleVotes: 2, maxSets: 2, maxSpans: 4, maxRefill: 4n };
const ROOMY: IdLimits = { heldIds: 1000, idleVotes: 1000, maxSets: 1000, maxSpans: 1000, maxRefill: 1000n };

/** What judges the ids of a box, as a projector would: it reads the box again where it has to, and counts the events it read. */
class Judge {
  readonly place = new BoxPlace();
  readonly ids: IdsByExpiry;
  reread = 0;

  constructor(
    private readonly box: readonly RecordedEvent[],
    limits: IdLimits,
  ) {
    this.ids = new IdsByExpiry(this.place, limits);
  }

  static restarted(box: readonly RecordedEvent[], folded: number, limits: IdLimits, before: Judge): Judge {
    const judge = new Judge(box, limits);
    const state = before.ids.state();
    if (state === undefined) return judge;
    const stored = JSON.parse(JSON.stringify(state.ids)) as IdRefill;
    judge.place.restore(0, state.from);
    judge.ids.restore(stored, box[folded - 1]!.revision);
    for (const event of box.slice(0, folded)) {
      if (event.position <= state.from) continue;
      judge.place.moveTo(event.position);
      judge.ids.remember(new VoteCodec().voteIn(event)!, event.revision);
    }
    return judge;
  }

  isFresh(index: number): boolean {
    const event = this.box[index]!;
    this.place.advance(event);
    try {
      return this.ids.admit(decodeVoteCast(event), event.revision);
    } catch (error) {
      if (!(error instanceof MissingIdsError)) throw error;
      this.recall(index);
      return this.ids.admit(decodeVoteCast(event), event.revision);
    }
  }

  /** As with pages of a few events. */
  private recall(index: number): void {
    const recall = this.ids.missing(this.box.slice(index, index + 5).map((event) => new VoteCodec().voteIn(event)!))!;
    for (const event of this.box) {
      if (event.revision < recall.from || event.revision > recall.to) continue;
      expect(event.revision).toBeLessThan(BigInt(index));
      this.reread++;
      recall.add(event);
    }
    recall.done();
  }
}

/** Ids that come again after minutes and hours, clocks that jump, events of one append at one position. */
function randomBox(seed: number): RecordedEvent[] {
  const random = randomFrom(seed);
  let now = NOON;
  const made: { name: string; expiresAt: number }[] = [];
  const entries = Array.from({ length: 1 + random(40) }, (_, index) => {
    now += random(8) === 0 ? (random(5) - 2) * HOUR : random(90_000);
    const again = made.length > 0 && random(3) === 0 ? made[random(made.length)] : undefined;
    const { name, expiresAt } = again ?? { name: `v${index}`, expiresAt: now + 5 * MINUTE };
    made.push({ name, expiresAt });
    return { ...voteOfRule2(name, 1, { castAt: now, expiresAt }), sharesPosition: random(3) === 0 };
  });
  return record(entries);
}

/** What it should say: every id is kept for ever. */
function naive(box: readonly RecordedEvent[]): boolean[] {
  const seen = new Set<string>();
  return box.map((event) => {
    const { voteId } = decodeVoteCast(event);
    const isFresh = !seen.has(voteId);
    seen.add(voteId);
    return isFresh;
  });
}

/** A projector never stops between events that share a position. */
const mayStop = (box: readonly RecordedEvent[], length: number): boolean =>
  length > 0 && box[length]?.position !== box[length - 1]?.position;

const SEEDS = Array.from({ length: 400 }, (_, seed) => seed);

describe.each([
  ['little room', TIGHT],
  ['much room', ROOMY],
])('ids with %s', (_room, limits) => {
  it('are fresh once, as in a set that forgets nothing', () => {
    let reread = 0;
    for (const seed of SEEDS) {
      const box = randomBox(seed);
      const judge = new Judge(box, limits);
      expect({ seed, fresh: box.map((_event, index) => judge.isFresh(index)) }).toEqual({ seed, fresh: naive(box) });
      reread += judge.reread;
    }
    // with room nothing is read again; without, all the time
    expect(reread > SEEDS.length).toBe(limits === TIGHT);
  });

  it('are fresh once with a restart at any point', () => {
    for (const seed of SEEDS.slice(0, 60)) {
      const box = randomBox(seed);
      const expected = naive(box);
      for (let stop = 1; stop < box.length; stop++) {
        if (!mayStop(box, stop)) continue;
        const before = new Judge(box, limits);
        for (let index = 0; index < stop; index++) before.isFresh(index);
        const after = Judge.restarted(box, stop, limits, before);
        const fresh = box.slice(stop).map((_event, index) => after.isFresh(stop + index));
        expect({ seed, stop, fresh }).toEqual({ seed, stop, fresh: expected.slice(stop) });
      }
    }
  });

  it('are fresh once when it restarts all the time, now and then without reading anything again', () => {
    for (const seed of SEEDS) {
      const box = randomBox(seed);
      let judge = new Judge(box, limits);
      const fresh = box.map((_event, index) => {
        const isFresh = judge.isFresh(index);
        if (mayStop(box, index + 1)) judge = Judge.restarted(box, index + 1, limits, judge);
        if (index % 7 === seed % 7) judge.ids.forgetBefore(Infinity);
        return isFresh;
      });
      expect({ seed, fresh }).toEqual({ seed, fresh: naive(box) });
    }
  });
});

describe('memory', () => {
  const PER_MINUTE = 60_000;

  /** A vote a millisecond, each with a challenge that is 0 to 5 minutes old. */
  function* stream(minutes: number): Iterable<{ voteId: string; expiresAt: number; revision: bigint }> {
    const random = randomFrom(1);
    for (let index = 0; index < minutes * PER_MINUTE; index++) {
      const expiresAt = Math.ceil((NOON + index + (1 + random(300)) * 1000) / MINUTE) * MINUTE;
      const id = Math.imul(index, 0x9e3779b1) >>> 0;
      yield { voteId: id.toString(16).padStart(8, '0') + '0'.repeat(24), expiresAt, revision: BigInt(index) };
    }
  }

  it('has the ids of the last minutes, at 1,000 votes a second, and nothing is read again', () => {
    const ids = new IdsByExpiry(new BoxPlace());
    let most = 0;
    let duplicates = 0;
    const humanCheck = { provider: 'altcha', price: 'base', evidence: '' } as const;
    for (const { voteId, expiresAt, revision } of stream(12)) {
      if (!ids.admit({ voteId, participantId: 1, castAt: 0, expiresAt, humanCheck }, revision)) duplicates++;
      if (revision % 10_000n === 0n) most = Math.max(most, bytesOf(ids));
    }
    expect(duplicates).toBe(0);
    expect(most).toBeLessThan(32 * 2 ** 20);
  });
});

const bytesOf = (ids: IdsByExpiry): number => {
  const { sets } = ids as unknown as { sets: Map<number, { ids: { slots: Uint32Array } }> };
  return [...sets.values()].reduce((sum, set) => sum + set.ids.slots.byteLength, 0);
};
