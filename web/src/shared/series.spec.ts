import { describe, expect, it } from '@jest/globals';
import { continuousHours, lastHour } from './series.ts';

const at = (hora: string, voto_1: number, voto_2: number) => ({ hora, total: voto_1 + voto_2, voto_1, voto_2 });

describe('continuousHours', () => {
  it('fills the hours in which nobody voted', () => {
    const hours = [at('2026-11-23T21:00:00.000Z', 1, 2), at('2026-11-24T00:00:00.000Z', 3, 4)];
    expect(continuousHours(hours, 24)).toEqual([
      hours[0],
      at('2026-11-23T22:00:00.000Z', 0, 0),
      at('2026-11-23T23:00:00.000Z', 0, 0),
      hours[1],
    ]);
  });

  it('keeps the newest ones', () => {
    const hours = Array.from({ length: 72 }, (_, i) => at(new Date(Date.UTC(2026, 10, 20, i)).toISOString(), i, 0));
    const shown = continuousHours(hours, 24);
    expect(shown).toHaveLength(24);
    expect(shown.at(-1)?.voto_1).toBe(71);
  });

  it('is empty for no hours', () => {
    expect(continuousHours([], 24)).toEqual([]);
  });
});

describe('lastHour', () => {
  it('always has 60 minutes, the last one being that of now', () => {
    const minutes = [{ minuto: '2026-11-23T22:41:00.000Z', total: 5, voto_1: 3, voto_2: 2 }];
    const shown = lastHour(minutes, '2026-11-23T22:43:12.345Z');
    expect(shown).toHaveLength(60);
    expect(shown[0]?.minuto).toBe('2026-11-23T21:44:00.000Z');
    expect(shown.at(-1)?.minuto).toBe('2026-11-23T22:43:00.000Z');
    expect(shown.at(-3)).toEqual(minutes[0]);
  });
});
