import { describe, expect, it } from '@jest/globals';

import type { PollEvent } from '../index.ts';
import { HOUR, MINUTE, NOON, POLL_ID, cut, decided, vote } from '../testing/ballot-box.ts';
import { given } from '../testing/tally-specification.ts';
import { Pace } from './pace.ts';

const paceOf = (...times: number[]): number[] => {
  const pace = Pace.of({ openedAt: new Date(NOON + 59_999).toISOString() })!;
  for (const time of times) pace.add(time);
  return pace.snapshot();
};

describe('the pace of a poll', () => {
  it('is counted minute by minute from that of the opening on, whatever their order', () => {
    expect(paceOf()).toEqual([]);
    expect(paceOf(NOON + 3 * MINUTE, NOON, NOON + MINUTE - 1, NOON + 3 * MINUTE + 1)).toEqual([2, 0, 0, 2]);
  });

  it('holds three days, and nothing from before the opening', () => {
    expect(paceOf(NOON - 1, NOON + 72 * HOUR)).toEqual([]);
    expect(paceOf(NOON + 72 * HOUR - 1)).toHaveLength(4320);
  });
});

describe('a tally', () => {
  const participants = [
    { number: 1, name: 'Ana' },
    { number: 2, name: 'Bento' },
  ];
  const openedAt = new Date(NOON).toISOString();
  const opened: PollEvent = { type: 'PollOpened', pollId: POLL_ID, title: 't', participants, openedAt, by: 'ana' };

  it('has the pace of the votes that count', () => {
    given(decided(opened), vote('a', 1))
      .when(vote('a', 1), vote('b', 2, { castAt: NOON + MINUTE }), vote('c', 3), cut(), vote('d', 1))
      .then({ pace: [1, 1], duplicates: 1, late: 1 });
  });
});
