import { describe, expect, it } from '@jest/globals';

import { planReveal, shownPart } from './reveal.ts';

/** When a participant's number begins to grow, and how much of it is shown. */
const begins = (plan: ReturnType<typeof planReveal>): Record<number, number> =>
  Object.fromEntries(plan.steps.flatMap(({ numbers, begins: at }) => numbers.map((number) => [number, at])));

describe('a reveal', () => {
  it('names whoever has fewest votes first, and the one it is about last, after a pause', () => {
    const plan = planReveal({ ordem: [3, 1, 2], primeiros: [2] });
    expect(plan.steps.map(({ numbers }) => numbers)).toEqual([[3], [1], [2]]);
    const [first, second, last] = plan.steps;
    expect(last!.begins - (second!.begins + second!.lasts)).toBeGreaterThan(second!.begins - first!.begins);
    expect(plan.wordAt).toBeGreaterThan(last!.begins + last!.lasts);
    expect(plan.ends).toBeGreaterThan(plan.wordAt);
  });

  it('tells a tie as a tie: those who are tied come together', () => {
    const plan = planReveal({ ordem: [2, 1, 3], primeiros: [1, 3] });
    expect(plan.steps.map(({ numbers }) => numbers)).toEqual([[2], [1, 3]]);
  });

  it('without any vote has one step', () => {
    expect(planReveal({ ordem: [1, 2], primeiros: [] }).steps.map(({ numbers }) => numbers)).toEqual([[1, 2]]);
  });

  it('takes no longer than twenty seconds with ten participants', () => {
    const ten = Array.from({ length: 10 }, (_, index) => index + 1);
    expect(planReveal({ ordem: ten, primeiros: [10] }).ends).toBeLessThan(20_000);
  });

  it('lets each number grow from its turn on, and stay', () => {
    const plan = planReveal({ ordem: [1, 2], primeiros: [2] });
    const { 1: first = 0, 2: second = 0 } = begins(plan);
    expect(shownPart(plan, 1, first - 1)).toBeNull();
    expect(shownPart(plan, 2, first)).toBeNull();
    const parts = [0, 100, 400, 900].map((ms) => shownPart(plan, 1, first + ms)!);
    expect(parts).toEqual(parts.toSorted((a, b) => a - b));
    expect(parts[0]).toBe(0);
    expect(shownPart(plan, 1, second)).toBe(1);
    expect([shownPart(plan, 1, plan.ends), shownPart(plan, 2, plan.ends)]).toEqual([1, 1]);
  });
});
