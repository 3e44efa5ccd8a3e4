import { beforeEach, describe, expect, it } from '@jest/globals';

import { seeded } from '../../platform/testing/seeded.ts';
import { Demand, type Visitor } from './demand.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Most hashes of a challenge at the base price, as the service has it by default. */
const BASE = 250_000;
/** Hashes a second: our solver in a worker on a CPU slowed four times, and SHA-256 instructions in a loop of C. */
const SLOW_PHONE = 950_000;
const NATIVE_CORE = 24_000_000;

let now: number;
let demand: Demand;
let random: () => number;

beforeEach(() => {
  now = 0;
  random = seeded(7);
  demand = new Demand(1, () => now);
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
    demand = new Demand(1, () => now);
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
    expect(demand.add('1', at('203.0.113.10'))).toEqual({ factor: 1, suspicious: false });
  });
});

it('one of several instances takes its share of a client for the whole', () => {
  const share = new Demand(3, () => now);
  const factors = Array.from({ length: 12 }, () => share.add('1', at('203.0.113.9')).factor);
  expect(factors.slice(0, 7)).toEqual(Array(7).fill(1));
  expect(factors.at(-1)).toBe(512);
});

describe('a thousand people behind one address', () => {
  /** Everybody wants to vote every ten seconds, and does when the challenge is solved. @returns seconds between votes */
  function crowd(hashesPerSecond: number): number {
    now = 0;
    demand = new Demand(1, () => now);
    const due = Array.from({ length: 1000 }, () => random() * 10 * SECOND);
    let votes = 0;
    for (const end = 5 * MINUTE; now < end; now += 500) {
      for (const [person, time] of due.entries()) {
        if (time > now) continue;
        if (now >= 2 * MINUTE) votes++;
        due[person] = now + Math.max(10 * SECOND, solvingTime('198.51.100.1', hashesPerSecond));
      }
    }
    return (1000 * 180) / votes;
  }

  it('are slowed, not shut out: seconds between votes on a common and on a slow phone, four cores each', () => {
    expect(crowd(4 * 2_500_000)).toBeLessThan(15);
    expect(crowd(4 * SLOW_PHONE)).toBeLessThan(30);
  });
});

describe('the vote curve of a poll', () => {
  /** That many challenges a second, each of another client. @returns the last price */
  function wave(perSecond: number, seconds: number): number {
    let factor = 0;
    for (let challenge = 0; challenge < perSecond * seconds; challenge++) {
      now += SECOND / perSecond;
      factor = factorFor(`10.${String(challenge & 255)}.${String(challenge >> 8)}.1`);
    }
    return factor;
  }

  it('costs nothing while it is flat, from the first second on, however high', () => {
    expect(wave(500, 10)).toBe(1);
    expect(wave(500, 30)).toBe(1);
  });

  it('makes challenges dearer when it shoots up, and then is the usual rate', () => {
    wave(30, 300);
    const surge = wave(900, 20);
    expect(surge).toBeGreaterThan(2);
    expect(surge).toBeLessThanOrEqual(4);
    expect(wave(100, 60)).toBe(1);
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
