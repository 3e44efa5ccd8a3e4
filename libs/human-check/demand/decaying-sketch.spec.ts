import { beforeEach, describe, expect, it } from '@jest/globals';

import { DecayingSketch } from './decaying-sketch.ts';

const MINUTE = 60_000;

let now: number;
let sketch: DecayingSketch;

beforeEach(() => {
  now = 5_000;
  sketch = new DecayingSketch(MINUTE, () => now);
});

const addTimes = (key: string, times: number): number =>
  Array.from({ length: times }, () => sketch.add(key)).at(-1) ?? 0;

describe('the sketch', () => {
  it('counts what happens at once', () => {
    expect(addTimes('a', 50)).toBeCloseTo(50);
    expect(sketch.add('b')).toBeCloseTo(1);
  });

  it('forgets, to 1/e in its time constant', () => {
    addTimes('a', 100);
    now += MINUTE;
    expect(sketch.add('a')).toBeCloseTo(1 + 100 / Math.E);
    now += 10 * MINUTE;
    expect(sketch.add('a')).toBeCloseTo(1, 2);
  });

  it('reads a steady rate as the events in its time constant', () => {
    let level = 0;
    for (let event = 0; event < 600; event++) {
      now += 1000;
      level = sketch.add('a');
    }
    expect(level).toBeCloseTo(60.5, 1);
  });

  it('goes on after days as after seconds', () => {
    for (let hour = 0; hour < 72; hour++) {
      now += 60 * MINUTE;
      addTimes('a', 9);
      expect(sketch.add('a')).toBeCloseTo(10);
    }
  });

  it('never underestimates, and hardly overestimates among 30,000 other clients', () => {
    addTimes('a', 20);
    for (let other = 0; other < 30_000; other++) sketch.add(`10.${String(other >> 8)}.${String(other & 255)}.1`);
    const level = sketch.add('a');
    expect(level).toBeGreaterThanOrEqual(21);
    expect(level).toBeLessThan(23);
  });
});
