import { describe, expect, it } from '@jest/globals';

import { ServerClock } from './server-clock.ts';

const NOON = Date.parse('2026-11-23T12:00:00.000Z');
const iso = (time: number): string => new Date(time).toISOString();

function clockAt(): { clock: ServerClock; pass: (ms: number) => void } {
  let elapsed = 5_000;
  const clock = new ServerClock(() => elapsed);
  return { clock, pass: (ms) => void (elapsed += ms) };
}

describe("the server's clock", () => {
  it('goes on from what an answer said, whatever the device shows', () => {
    const { clock, pass } = clockAt();
    clock.hear(iso(NOON));
    pass(1_500);
    expect(clock.now()).toBe(NOON + 1_500);
    expect(clock.until(iso(NOON + 1_000))).toBe(-500);
  });

  it('is that of the device before the first answer, and when an answer says no time', () => {
    const { clock } = clockAt();
    clock.hear('nunca');
    expect(Math.abs(clock.now() - Date.now())).toBeLessThan(1_000);
  });

  it('believes the quickest of the last answers: the others were longer on their way', () => {
    const { clock, pass } = clockAt();
    clock.hear(iso(NOON));
    pass(1_000);
    clock.hear(iso(NOON + 200));
    expect(clock.now()).toBe(NOON + 1_000);
    pass(1_000);
    clock.hear(iso(NOON + 2_400));
    expect(clock.now()).toBe(NOON + 2_400);
  });

  it('forgets the older ones: a clock that was ahead is not believed for ever', () => {
    const { clock } = clockAt();
    clock.hear(iso(NOON + 60_000));
    for (let answer = 0; answer < 10; answer++) clock.hear(iso(NOON));
    expect(clock.now()).toBe(NOON);
  });
});
