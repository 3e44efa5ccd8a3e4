import { describe, expect, it } from '@jest/globals';

import { withEvents, withSamples } from './recent.ts';
import type { LogEvent, LogLevel, Sample } from '#contract';

const at = (second: number): string => new Date(Date.UTC(2026, 10, 24, 22, 0, second)).toISOString();

const event = (numero: number, nivel: LogLevel = 'info', registrado_em = at(numero)): LogEvent => ({
  numero,
  nivel,
  registrado_em,
  origem: 'http',
  mensagem: 'x',
  dados: {},
});

const sample = (second: number): Sample => ({
  medido_em: at(second),
  periodo_segundos: 1,
  pedidos: 1,
  votos: 1,
  votos_com_falha: 0,
  recusas: 0,
  falhas: 0,
  na_fila: 0,
  mais_antigo_segundos: 0,
  parado_segundos: 0,
  atraso_segundos: 0,
  p50_segundos: null,
  p95_segundos: null,
  p99_segundos: null,
});

const numbers = (events: readonly LogEvent[]): number[] => events.map(({ numero }) => numero);

describe('events', () => {
  it('are newest first, and what comes twice is there once, as the same object', () => {
    const kept = withEvents([], [event(1), event(2)]);
    const next = withEvents(kept, [event(2), event(3)]);

    expect(numbers(next)).toEqual([3, 2, 1]);
    expect(next[1]).toBe(kept[0]);
  });

  it('of one moment keep their order', () => {
    expect(numbers(withEvents([], [event(1, 'info', at(1)), event(2, 'warn', at(1))]))).toEqual([2, 1]);
  });

  it('go on when the service started anew and counts from one again', () => {
    expect(numbers(withEvents([event(7, 'info', at(7))], [event(1, 'info', at(9))]))).toEqual([1, 7]);
  });

  it('are at most a hundred of each level', () => {
    const flood = Array.from({ length: 300 }, (_, index) => event(index + 2));
    const all = withEvents([event(1, 'error')], flood);

    expect(all).toHaveLength(101);
    expect(all.at(-1)).toMatchObject({ nivel: 'error' });
  });
});

describe('samples', () => {
  it('are oldest first, each once, and at most so many', () => {
    const kept = withSamples([sample(1), sample(2)], [sample(2), sample(3)], 10);
    expect(kept.map(({ medido_em }) => medido_em)).toEqual([at(1), at(2), at(3)]);
    expect(withSamples(kept, [sample(4)], 3).map(({ medido_em }) => medido_em)).toEqual([at(2), at(3), at(4)]);
  });

  it('that come later and are older take their place', () => {
    const kept = withSamples([sample(5)], [sample(1), sample(3), sample(5)], 10);

    expect(kept.map(({ medido_em }) => medido_em)).toEqual([at(1), at(3), at(5)]);
  });
});
