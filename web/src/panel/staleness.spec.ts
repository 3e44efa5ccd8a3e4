import { describe, expect, it } from '@jest/globals';

import type { Total } from '#contract';
import { judgeStaleness } from './staleness.ts';

/** Numbers that are `age` seconds old by the word of the service, looked at `later` seconds after they came. */
const judged = (age: number, later: number, more: Partial<Total> = {}) =>
  judgeStaleness(
    { total: { idade_segundos: age, atraso_projecao_segundos: 0, final: false, ...more } as Total, at: 1_000 },
    1_000 + later * 1_000,
  );

describe('numbers', () => {
  it('are fresh for five seconds', () => {
    expect(judged(0.4, 1)).toEqual({ level: 'fresh', age: 1.4, text: '' });
    expect(judged(0, 5).level).toBe('fresh');
  });

  it('are late after that, and loud after ten, whether the service or the page has heard nothing', () => {
    expect(judged(0, 6)).toMatchObject({ level: 'late', text: 'Números parados há 6 s' });
    expect(judged(8, 2.5)).toMatchObject({ level: 'loud', text: 'Números parados há 10 s' });
  });

  it('are late too while they come, but behind the votes', () => {
    const behind = judged(0, 1, { atraso_projecao_segundos: 12 });

    expect(behind).toMatchObject({ level: 'loud', age: 1, text: 'Números 12 s atrás dos votos' });
  });

  it('of a poll that is over never are', () => {
    expect(judged(600, 600, { final: true })).toMatchObject({ level: 'fresh', text: '' });
  });
});
