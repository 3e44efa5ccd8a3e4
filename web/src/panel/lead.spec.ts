import { describe, expect, it } from '@jest/globals';

import type { Total } from '#contract';
import { leadOver, trendOf } from './lead.ts';

const NOW = Date.parse('2026-11-23T22:00:30.000Z');
const minutesAgo = (minutes: number): string => new Date(NOW - 30_000 - minutes * 60_000).toISOString();

/** A poll with these votes, of which these came in the minutes that began so many minutes ago. */
function poll(
  votes: readonly number[],
  minutes: readonly [ago: number, ...votes: number[]][],
  more: Partial<Total> = {},
) {
  const por_minuto = minutes.map(([ago, ...counts]) => ({
    minuto: minutesAgo(ago),
    total: 0,
    ...Object.fromEntries(counts.map((count, index) => [`voto_${index + 1}`, count])),
  }));
  return leadOver({
    por_participante: votes.map((votos, index) => ({ numero: index + 1, votos })),
    ...{ por_minuto, aberto_em: minutesAgo(600), encerrado_em: null, atualizado_em: new Date(NOW).toISOString() },
    ...more,
  } as unknown as Total);
}

describe('the lead over the last hour', () => {
  it('goes back from what is counted, minute by minute', () => {
    const lead = poll(
      [100, 70],
      [
        [2, 5, 10],
        [0, 20, 1],
      ],
    );

    expect(lead).toMatchObject({ of: 1, over: 2, isTie: false });
    expect(lead.points).toHaveLength(61);
    expect(lead.points.slice(-4).map(({ gap }) => gap)).toEqual([16, 11, 11, 30]);
    expect(new Date(lead.points.at(-2)!.at).toISOString()).toBe(minutesAgo(0));
    expect(lead.points[0]).toEqual({ at: Date.parse(minutesAgo(59)), gap: 16 });
  });

  it('is measured against the best of the others, and negative while that one was ahead', () => {
    const lead = poll([50, 10, 49], [[1, 40, 0, 0]]);

    expect(lead).toMatchObject({ of: 1, over: 3 });
    expect(lead.points.slice(-3).map(({ gap }) => gap)).toEqual([-39, 1, 1]);
  });

  it('begins with the poll, and ends with it', () => {
    const young = poll([3, 1], [[1, 3, 1]], { aberto_em: minutesAgo(1.25) });
    expect(young.points.map(({ gap }) => gap)).toEqual([0, 0, 2, 2]);

    const over = poll([3, 1], [[7, 3, 1]], { encerrado_em: minutesAgo(6.5) });
    expect(new Date(over.points.at(-1)!.at).toISOString()).toBe(minutesAgo(6.5));
  });
});

describe('the trend of the lead', () => {
  it('says by how much it moved in ten minutes', () => {
    expect(
      trendOf(
        poll(
          [100, 70],
          [
            [12, 9, 0],
            [3, 10, 4],
          ],
        ),
      ),
    ).toEqual({ kind: 'grows', by: 6, minutes: 10 });
    expect(trendOf(poll([100, 70], [[3, 4, 10]]))).toEqual({ kind: 'shrinks', by: 6, minutes: 10 });
    expect(trendOf(poll([100, 70], [[12, 9, 0]]))).toEqual({ kind: 'rests', by: 0, minutes: 10 });
  });

  it('says when it turned, if that was just now', () => {
    expect(trendOf(poll([100, 99], [[3, 10, 0]]))).toEqual({ kind: 'turned', by: 0, minutes: 2 });
    expect(trendOf(poll([100, 99], [[30, 10, 0]])).kind).toBe('rests');
  });

  it('is unknown in the first moment of a poll', () => {
    expect(trendOf(poll([0, 0], [], { aberto_em: new Date(NOW).toISOString() })).kind).toBe('unknown');
  });
});
