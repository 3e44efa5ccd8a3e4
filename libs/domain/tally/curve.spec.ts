import { describe, expect, it } from '@jest/globals';

import { type CurveSnapshot, latestComparisons } from '../index.ts';
import { MINUTE, NOON } from '../testing/ballot-box.ts';
import { randomFrom } from '../testing/random.ts';
import { Curve } from './curve.ts';

type Votes = readonly [base: number, raised: number, suspicious: number];

/** How votes for one participant come, minute by minute. */
function curveOf(minutes: readonly Votes[], from = NOON, slot = 0, curve = new Curve()): Curve {
  for (const [index, counts] of minutes.entries()) fill(curve, from + index * MINUTE, counts, slot);
  return curve;
}

function fill(curve: Curve, minute: number, [base, raised, suspicious]: Votes, slot = 0): void {
  for (let n = 0; n < base; n++) curve.add(minute, slot, 'base');
  for (let n = 0; n < raised; n++) curve.add(minute, slot, 'raised');
  for (let n = 0; n < suspicious; n++) curve.add(minute, slot, 'suspicious');
}

/** Numbers from 0 to below 1. */
function sharesFrom(seed: number): () => number {
  const random = randomFrom(seed);
  return () => random(1000) / 1000;
}

const observed = (curve: Curve): CurveSnapshot['observations'] => {
  curve.finish();
  return curve.snapshot().observations;
};
const calm = (count: number, votes: Votes = [150, 10, 0]): Votes[] => Array.from({ length: count }, () => votes);

describe('the curve of votes', () => {
  it('of a calm evening says nothing', () => {
    const random = sharesFrom(7);
    const minutes = Array.from({ length: 240 }, (_, at): Votes => {
      const evening = 200 + 150 * Math.sin(at / 40);
      return [Math.round(evening * (0.7 + 0.6 * random())), Math.round(20 * random()), Math.round(5 * random())];
    });

    expect(observed(curveOf(minutes))).toEqual([]);
  });

  it('says from when to when votes came at another rate and at other prices', () => {
    const curve = curveOf([...calm(6), ...calm(6, [300, 71, 909]), ...calm(10)]);

    const [observation, ...more] = observed(curve);
    expect(more).toEqual([]);
    expect(observation).toEqual({
      ...{ participant: 1, from: NOON + 6 * MINUTE, to: NOON + 11 * MINUTE },
      ...{ votes: [1800, 426, 5454], expected: 960, isOtherLevel: true, isOtherMix: true },
    });
  });

  it('tells a change of prices alone', () => {
    expect(observed(curveOf([...calm(10), [80, 10, 70], ...calm(5)]))).toMatchObject([
      { from: NOON + 10 * MINUTE, to: NOON + 10 * MINUTE, isOtherLevel: false, isOtherMix: true },
    ]);
  });

  it('tells a fall', () => {
    expect(observed(curveOf([...calm(10, [3000, 0, 0]), [300, 0, 0], ...calm(3, [3000, 0, 0])]))).toMatchObject([
      { votes: [300, 0, 0], expected: 3000, isOtherLevel: true, isOtherMix: false },
    ]);
  });

  it('takes a lasting change for the new measure', () => {
    const [observation, ...more] = observed(curveOf([...calm(15), ...calm(40, [1500, 100, 0])]));

    expect(more).toEqual([]);
    expect(observation).toMatchObject({ from: NOON + 15 * MINUTE, to: NOON + 24 * MINUTE });
  });

  it.each([
    ['with fewer than 100 votes', [...calm(10, [5, 0, 0]), [99, 0, 0] as Votes, ...calm(3, [5, 0, 0])]],
    ['when there was little before', [...calm(4, [5, 0, 0]), [9000, 0, 0] as Votes, ...calm(3, [5, 0, 0])]],
    ['at less than three times the rate', [...calm(10), [430, 28, 0] as Votes, ...calm(3)]],
  ])('says nothing of a minute %s', (_, minutes) => expect(observed(curveOf(minutes))).toEqual([]));

  it('asks more of votes that come in bursts anyway', () => {
    const random = sharesFrom(5);
    const bursts = Array.from({ length: 40 }, (): Votes => [100 + Math.round(800 * random()), 0, 0]);

    expect(observed(curveOf([...bursts, [2000, 0, 0]]))).toEqual([]);
    expect(observed(curveOf([...calm(40, [500, 0, 0]), [2000, 0, 0]]))).toHaveLength(1);
  });

  it('does not take a pause for a fall, nor what comes after it for a rise', () => {
    const before = curveOf(calm(10));

    expect(observed(curveOf(calm(10), NOON + 70 * MINUTE, 0, before))).toEqual([]);
  });

  it('looks at each participant, and at those without votes before', () => {
    const curve = curveOf(calm(10));
    fill(curve, NOON + 10 * MINUTE, [150, 10, 0]);
    fill(curve, NOON + 10 * MINUTE, [400, 0, 0], 9);

    expect(observed(curve)).toMatchObject([{ participant: 10, votes: [400, 0, 0], expected: 0 }]);
  });

  it('waits for votes of a minute until one of two minutes later came', () => {
    const late = curveOf([...calm(10), [10, 0, 0], ...calm(1)]);
    fill(late, NOON + 10 * MINUTE, [3000, 0, 0]);
    fill(late, NOON + 12 * MINUTE, [150, 10, 0]);
    fill(late, NOON + 10 * MINUTE, [7, 0, 0]);

    expect(late.snapshot()).toMatchObject({ strays: 7, observations: [{ votes: [3010, 0, 0] }] });
  });

  it('keeps a bounded state, whatever the clocks do', () => {
    const random = sharesFrom(3);
    const curve = new Curve();
    for (let at = 0; at < 5000; at++) fill(curve, NOON + Math.floor(random() * 3000) * MINUTE, [120, 0, 0], at % 10);
    for (let at = 0; at < 3000; at++) fill(curve, NOON + (4000 + at) * MINUTE, [at % 9 === 0 ? 4000 : 130, 0, 0]);

    const { minutes, observations, more } = curve.snapshot();
    expect(minutes.length).toBeLessThanOrEqual(28);
    expect(observations).toHaveLength(100);
    expect(more).toBeGreaterThan(0);
  });

  it('goes on from what was stored as if nothing had happened', () => {
    const minutes = [...calm(12), ...calm(4, [900, 0, 500]), ...calm(6)];
    const straight = curveOf(minutes);
    let restarted = new Curve();
    for (const [index, counts] of minutes.entries()) {
      restarted = Curve.from(JSON.parse(JSON.stringify(restarted.snapshot())) as CurveSnapshot);
      fill(restarted, NOON + index * MINUTE, counts);
    }

    expect(restarted.snapshot()).toEqual(straight.snapshot());
    expect(straight.snapshot().observations).toHaveLength(1);
  });

  it('compares the last minute that it looked at', () => {
    const curve = curveOf([...calm(20), [640, 0, 0], ...calm(2)]);

    expect(latestComparisons(curve.snapshot())).toEqual([
      { participant: 1, votes: [640, 0, 0], expected: 160, isOtherLevel: true, isOtherMix: false },
    ]);
    expect(latestComparisons(curveOf(calm(3)).snapshot())).toEqual([]);
  });
});
