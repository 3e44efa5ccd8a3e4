import { describe, expect, it } from '@jest/globals';
import { labelStride, niceTicks, sparkline, stackedColumns } from './geometry.ts';

describe('niceTicks', () => {
  it.each([
    [0, [0, 1]],
    [3, [0, 1, 2, 3]],
    [17, [0, 5, 10, 15, 20]],
    [980, [0, 500, 1_000]],
    [1_000_000, [0, 500_000, 1_000_000]],
  ])('up to %i', (max, ticks) => {
    const shown = niceTicks(max, max === 980 || max === 1_000_000 ? 2 : 4);
    expect(shown).toEqual(ticks);
  });
});

describe('stackedColumns', () => {
  const plot = { x: 10, y: 0, width: 200, height: 100 };

  it('stacks each on the one before', () => {
    const [column] = stackedColumns([{ begins: '', total: 45, votes: [30, 10, 5] }], plot, 50);
    expect(column).toMatchObject({ top: 10 });
    expect(column?.parts).toMatchObject([
      { y: 40, height: 60 },
      { y: 20, height: 20 },
      { y: 10, height: 10 },
    ]);
  });

  it('stays inside the plot', () => {
    const columns = stackedColumns(
      Array.from({ length: 30 }, () => ({ begins: '', total: 50, votes: [20, 30] })),
      plot,
      50,
    );
    for (const { x, width, top } of columns) {
      expect(x).toBeGreaterThanOrEqual(10);
      expect(x + width).toBeLessThanOrEqual(210.0001);
      expect(top).toBeCloseTo(0);
    }
  });
});

describe('sparkline', () => {
  it('draws a line and the area under it', () => {
    const { line, area } = sparkline([0, 5, 10], { x: 0, y: 0, width: 100, height: 50 }, 10);
    expect(line).toBe('M0.0 50.0L50.0 25.0L100.0 0.0');
    expect(area).toBe(`${line}V50H0Z`);
  });

  it('draws nothing for nothing', () => {
    expect(sparkline([], { x: 0, y: 0, width: 100, height: 50 }, 10)).toEqual({ line: '', area: '' });
  });
});

it('thins labels out', () => {
  expect(labelStride(24, 1_200, 40)).toBe(1);
  expect(labelStride(24, 300, 40)).toBe(4);
});
