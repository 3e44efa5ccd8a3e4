import { beforeEach, describe, expect, it } from '@jest/globals';

import { seeded } from '../../platform/testing/seeded.ts';
import { Demand, TooManyChallengesError, type Visitor } from './demand.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Most hashes of a challenge at the base price, as the service has it by default. */
const BASE = 250_000;
/** Hashes a second: our solver in a worker on a CPU slowed four times, and SHA-256 instructions in a loop of C. */
const SLOW_PHONE = 950_000;
const NATIVE_CORE = 24_000_000;
/** What a client gets at the highest price by default, a minute. */
const CEILING = 1500;
/** What the service tells who is refused. */
const RETRY_AFTER = 10 * SECOND;

let now: number;
let demand: Demand;
let random: () => number;

beforeEach(() => {
  now = 0;
  random = seeded(7);
  demand = new Demand({}, () => now);
});

const at = (client: string): Visitor => ({ client, network: client.slice(0, client.lastIndexOf('.')) });
const factorFor = (client: string, pollId = '1'): number => demand.add(pollId, at(client)).factor;
const percentile = (values: number[], share: number): number =>
  values.sort((a, b) => a - b)[Math.floor(values.length * share)] ?? NaN;

/** Takes a challenge. @returns how long it is solved for, ms */
const solvingTime = (client: string, hashesPerSecond: number): number =>
  (random() * BASE * factorFor(client) * SECOND) / hashesPerSecond;

describe('a person', () => {
  it.each([3, 4, 7])('who votes every %i s for ten minutes waits for nothing', (seconds) => {
    const waits: number[] = [];
    const solving: number[] = [];
    let readyAt = solvingTime('198.51.100.7', SLOW_PHONE);
    while (now < 10 * MINUTE) {
      now += seconds * SECOND * (0.7 + 0.6 * random());
      const wait = Math.max(0, readyAt - now);
      waits.push(wait);
      now += wait;
      solving.push(solvingTime('198.51.100.7', SLOW_PHONE));
      readyAt = now + (solving.at(-1) ?? 0);
    }
    expect(waits.length).toBeGreaterThan(80);
    expect(Math.max(...waits)).toBe(0);
    expect(percentile(solving, 0.95)).toBeLessThan(1500);
  });
});

/** Votes as fast as it can. @returns accepted votes in each minute, counted from the 20th second on */
function bot(hashesPerSecond: number, addresses: readonly string[], minutes = 5): number[] {
  const votes = new Array<number>(minutes).fill(0);
  for (let turn = 0; now < 20 * SECOND + minutes * MINUTE; turn++) {
    now += solvingTime(addresses[turn % addresses.length]!, hashesPerSecond) + 1;
    const minute = Math.floor((now - 20 * SECOND) / MINUTE);
    if (minute >= 0 && minute < minutes) votes[minute]!++;
  }
  return votes;
}

describe('a machine', () => {
  it.each([
    ['our own solver on a fast core', 3_900_000],
    ['node:crypto', 2_400_000],
    ['SHA-256 instructions in a loop of C', NATIVE_CORE],
  ])('with one core and one address makes at most 30 votes a minute after 20 s: %s', (_what, speed) => {
    expect(Math.max(...bot(speed, ['203.0.113.9']))).toBeLessThanOrEqual(30);
  });

  it('with a graphics card, which minds no price, makes no more votes than the ceiling of its address', () => {
    let [votes, refused] = [0, 0];
    demand = new Demand({ ceiling: CEILING }, () => now);
    while (now < 6 * MINUTE) {
      try {
        now += solvingTime('203.0.113.9', 10_000_000_000);
        if (now > MINUTE) votes++;
      } catch (error) {
        expect(error).toBeInstanceOf(TooManyChallengesError);
        refused++;
        now += 7;
      }
    }
    expect(votes / 5).toBeLessThanOrEqual(CEILING);
    expect(votes / 5).toBeGreaterThan(CEILING * 0.95);
    expect(refused).toBeGreaterThan(votes);
  });

  it('gains nothing by hoarding challenges: they cost when they are handed out', () => {
    const costs = Array.from({ length: 600 }, () => (BASE * factorFor('203.0.113.9')) / 2 / NATIVE_CORE).sort(
      (a, b) => a - b,
    );
    let spent = 0;
    const solvedInTwentySeconds = costs.filter((cost) => (spent += cost) < 20).length;
    spent = 0;
    const solvedInTwoMinutes = costs.filter((cost) => (spent += cost) < 140).length;
    expect(solvedInTwoMinutes - solvedInTwentySeconds).toBeLessThanOrEqual(60);
  });

  it('pays more through a hundred addresses of one network than through a hundred networks', () => {
    const near = bot(
      NATIVE_CORE,
      Array.from({ length: 100 }, (_, index) => `203.0.113.${String(index)}`),
    ).at(-1)!;
    demand = new Demand({}, () => now);
    now = 0;
    const far = bot(
      NATIVE_CORE,
      Array.from({ length: 100 }, (_, index) => `203.0.${String(index)}.1`),
    ).at(-1)!;
    expect(near).toBeLessThan(far);
    expect(far).toBeLessThanOrEqual(100 * 30);
  });

  it('is cheap again a few minutes after it stopped', () => {
    for (let challenge = 0; challenge < 600; challenge++) factorFor('203.0.113.9');
    expect(factorFor('203.0.113.9')).toBe(512);
    now += 5 * MINUTE;
    expect(factorFor('203.0.113.9')).toBe(1);
  });

  it('is suspicious long before a person would be, and leaves its neighbours alone', () => {
    const suspicious = Array.from({ length: 40 }, () => demand.add('1', at('203.0.113.9')).suspicious);
    expect(suspicious.slice(0, 22)).not.toContain(true);
    expect(suspicious.slice(26)).not.toContain(false);
    expect(demand.add('1', at('203.0.113.10'))).toEqual({ factor: 1, suspicious: false, crowded: false });
  });

  it('is told that it is its own network that makes it wait', () => {
    for (let asked = 0; asked < 25; asked++) demand.add('1', at('203.0.113.9'));
    expect(demand.add('1', at('203.0.113.9'))).toMatchObject({ crowded: true, suspicious: true });
    expect(demand.add('1', at('203.0.113.10'))).toMatchObject({ crowded: false });
  });

  it('raises no price but its own, however often it asks', () => {
    for (; now < MINUTE; now += SECOND / 150) factorFor('203.0.113.9');
    expect(demand.add('1', at('203.0.113.10'))).toEqual({ factor: 1, suspicious: false, crowded: false });
    expect(factorFor('198.51.100.1')).toBe(1);
  });
});

it('one of several instances takes its share of a client for the whole', () => {
  const share = new Demand({ instances: 3 }, () => now);
  const factors = Array.from({ length: 12 }, () => share.add('1', at('203.0.113.9')).factor);
  expect(factors.slice(0, 7)).toEqual(Array(7).fill(1));
  expect(factors.at(-1)).toBe(512);
});

describe('many people behind one address', () => {
  /**
   * Everybody wants to vote every ten seconds, and does when the challenge is solved; who is refused comes back when the
   * service says, or a little later, as the page does. @returns seconds between votes
   */
  function crowd(people: number, hashesPerSecond: number): number {
    demand = new Demand({ ceiling: CEILING }, () => now);
    const due = Array.from({ length: people }, () => random() * 10 * SECOND);
    let votes = 0;
    const next = (): number => {
      try {
        const solving = solvingTime('198.51.100.1', hashesPerSecond);
        if (now >= 2 * MINUTE) votes++;
        return Math.max(10 * SECOND, solving);
      } catch {
        return RETRY_AFTER * (1 + 0.3 * random());
      }
    };
    for (const end = 5 * MINUTE; now < end; now += 50) {
      // nobody is always first
      const first = Math.floor(random() * people);
      for (let turn = 0; turn < people; turn++) {
        const person = (first + turn) % people;
        if (due[person]! <= now) due[person] = now + next();
      }
    }
    return (people * 180) / votes;
  }

  it.each([
    ['250 common phones', 250, 4 * 2_500_000, 11],
    ['1,000 common phones', 1000, 4 * 2_500_000, 42],
    ['1,000 slow phones', 1000, 4 * SLOW_PHONE, 42],
  ])('are slowed, not shut out: seconds between two votes of one of %s', (_who, people, speed, atMost) => {
    expect(crowd(people, speed)).toBeLessThan(atMost);
  });
});

describe('three people at one address', () => {
  /** Each taps about six seconds after the last confirmation: 30 votes a minute together. @returns seconds that they waited */
  function waitsOf(hashesPerSecond: number): number[] {
    const tap = (): number => 6 * SECOND * (0.7 + 0.6 * random());
    const ready = (): number => now + solvingTime('198.51.100.1', hashesPerSecond);
    const people = Array.from({ length: 3 }, () => ({ taps: tap(), readyAt: ready() }));
    const waits: number[] = [];
    const votesAt = ({ taps, readyAt }: { taps: number; readyAt: number }): number => Math.max(taps, readyAt);
    while (now < 10 * MINUTE) {
      const person = people.reduce((one, other) => (votesAt(one) <= votesAt(other) ? one : other));
      now = votesAt(person);
      if (now > MINUTE) waits.push((now - person.taps) / SECOND);
      Object.assign(person, { taps: now + tap(), readyAt: ready() });
    }
    return waits;
  }

  it.each([
    ['four cores of a common phone', 4 * 2_500_000],
    ['four cores, slowed four times', 4 * SLOW_PHONE],
    ['one core, slowed four times', SLOW_PHONE],
    ['one core, slowed six times', SLOW_PHONE / 1.5],
  ])('wait ten seconds at most, 95 times in 100: %s', (_phone, speed) => {
    const waits = waitsOf(speed);
    expect(waits.length).toBeGreaterThan(200);
    expect(percentile(waits, 0.5)).toBeLessThan(1);
    expect(percentile(waits, 0.95)).toBeLessThanOrEqual(10);
  });
});

describe('the vote curve of a poll', () => {
  /** That many challenges a second, each of another client. @returns their prices */
  function prices(perSecond: number, seconds: number): number[] {
    return Array.from({ length: perSecond * seconds }, (_, challenge) => {
      now += SECOND / perSecond;
      return factorFor(`10.${String(challenge & 255)}.${String(challenge >> 8)}.1`);
    });
  }
  const wave = (perSecond: number, seconds: number): number => prices(perSecond, seconds).at(-1)!;

  it('costs nothing while it is flat, from the first second on, however high', () => {
    expect(wave(500, 10)).toBe(1);
    expect(wave(500, 30)).toBe(1);
  });

  it('makes challenges dearer when it shoots up, and then is the usual rate', () => {
    wave(30, 300);
    expect(wave(900, 20)).toBeGreaterThan(1);
    expect(demand.add('1', at('198.51.100.1'))).toMatchObject({ crowded: false });
    expect(wave(100, 60)).toBe(1);
  });

  it('says nothing exact about the rate: its prices are powers of two', () => {
    wave(30, 600);
    expect([...new Set(prices(3000, 10))]).toEqual([1, 2, 4]);
  });

  it('begins anew with another poll', () => {
    wave(30, 300);
    expect(wave(900, 20)).toBeGreaterThan(1);
    expect(factorFor('192.0.2.1', '2')).toBe(1);
  });
});

it('a load run of 20,000 clients in neighbouring networks pays the base price throughout', () => {
  let dearest = 0;
  for (let challenge = 0; challenge < 100_000; challenge++) {
    now += 1;
    const client = challenge % 20_000;
    dearest = Math.max(dearest, factorFor(`10.0.${String(client >> 8)}.${String(client & 255)}`));
  }
  expect(dearest).toBe(1);
});
