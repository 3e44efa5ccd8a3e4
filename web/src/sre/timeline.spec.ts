import { describe, expect, it } from '@jest/globals';

import { combined, gaps, sampleAt, stretches } from './timeline.ts';
import type { Sample } from '#contract';

const ZERO = Date.UTC(2026, 10, 24, 22);
const s = (second: number): number => ZERO + second * 1_000;

/** A sample that ends at a second. */
const sample = (second: number, length = 1): Sample => ({
  medido_em: new Date(s(second)).toISOString(),
  periodo_segundos: length,
  pedidos: 1,
  votos: 1,
  votos_com_falha: 0,
  recusas: 0,
  falhas: 0,
  p50_segundos: null,
  p95_segundos: null,
  p99_segundos: null,
  na_fila: 0,
  mais_antigo_segundos: 0,
  parado_segundos: 0,
  atraso_segundos: 0,
});

const secondsOf = (samples: readonly Sample[]): number[] =>
  samples.map(({ medido_em }) => (Date.parse(medido_em) - ZERO) / 1_000);

describe('stretches', () => {
  it('are interrupted where samples do not touch, whatever their length', () => {
    const samples = [sample(1), sample(2.2), sample(8), sample(18, 10), sample(30, 8)];

    expect(stretches(samples).map(secondsOf)).toEqual([[1, 2.2], [8, 18], [30]]);
  });
});

describe('gaps', () => {
  it('are before, between and after what was measured', () => {
    const samples = [sample(11), sample(12), sample(20)];

    expect(gaps(samples, { from: s(0), to: s(30) })).toEqual([
      { from: s(0), to: s(10) },
      { from: s(12), to: s(19) },
      { from: s(20), to: s(30) },
    ]);
  });

  it('are none while the next sample is on its way, and everything without samples', () => {
    expect(gaps([sample(1), sample(2)], { from: s(0), to: s(4.9) })).toEqual([]);
    expect(gaps([], { from: s(0), to: s(10) })).toEqual([{ from: s(0), to: s(10) }]);
  });
});

describe('the sample of a moment', () => {
  it('is the one that covers it, and none in a gap', () => {
    const samples = [sample(2), sample(3), sample(20, 10)];

    expect(sampleAt(samples, s(2.5))).toBe(samples[1]);
    expect(sampleAt(samples, s(12))).toBe(samples[2]);
    expect(sampleAt(samples, s(7))).toBeUndefined();
    expect(sampleAt([], s(7))).toBeUndefined();
  });
});

describe('coarse and fine samples', () => {
  it('make one line: fine ones only where there is no coarse one', () => {
    const coarse = [sample(60, 60), sample(120, 60), sample(250, 20)];
    const fine = [30, 119, 121, 122, 200, 240, 251].map((second) => sample(second));

    expect(secondsOf(combined(coarse, fine, { from: s(61), to: s(300) }))).toEqual([120, 121, 122, 200, 250, 251]);
  });
});
