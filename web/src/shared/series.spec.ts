import { describe, expect, it } from '@jest/globals';
import { continuousHours, hourBucket, lastHour } from './series.ts';

const at = (hora: string, voto_1: number, voto_2: number) =>
  hourBucket({ hora, total: voto_1 + voto_2, voto_1, voto_2 });
const empty = (begins: string) => ({ begins, total: 0, votes: [] });

describe('continuousHours', () => {
  it('fills the hours in which nobody voted', () => {
    const hours = [at('2026-11-23T21:00:00.000Z', 1, 2), at('2026-11-24T00:00:00.000Z', 3, 4)];
    expect(continuousHours(hours, 24)).toEqual([
      hours[0],
      empty('2026-11-23T22:00:00.000Z'),
      empty('2026-11-23T23:00:00.000Z'),
      hours[1],
    ]);
  });

  it('keeps the newest ones', () => {
    const hours = Array.from({ length: 72 }, (_, i) => at(new Date(Date.UTC(2026, 10, 20, i)).toISOString(), i, 0));
    const shown = continuousHours(hours, 24);
    expect(shown).toHaveLength(24);
    expect(shown.at(-1)?.votes[0]).toBe(71);
  });

  it('is empty for no hours', () => {
    expect(continuousHours([], 24)).toEqual([]);
  });
});

describe('lastHour', () => {
  it('always has 60 minutes, the last one being that of now', () => {
    const minutes = [{ minuto: '2026-11-23T22:41:00.000Z', total: 6, voto_1: 3, voto_2: 2, voto_3: 1 }];
    const shown = lastHour(minutes, '2026-11-23T22:43:12.345Z');
    expect(shown).toHaveLength(60);
    expect(shown[0]?.begins).toBe('2026-11-23T21:44:00.000Z');
    expect(shown.at(-1)?.begins).toBe('2026-11-23T22:43:00.000Z');
    expect(shown.at(-3)).toEqual({ begins: '2026-11-23T22:41:00.000Z', total: 6, votes: [3, 2, 1] });
  });
});
