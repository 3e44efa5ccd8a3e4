import { describe, expect, it } from '@jest/globals';

import type { OpenedPoll } from '#domain';
import type { PollTally } from '#read-model';

import { earlierMinutes, peakMinute } from './pace-view.ts';

const poll = (id: string, openedAt: string, more: Partial<OpenedPoll> = {}): OpenedPoll =>
  ({ id, title: `Paredão ${id}`, status: 'closed', openedAt, ...more }) as OpenedPoll;
const tally = (opened: OpenedPoll, pace?: readonly number[]): PollTally =>
  ({ snapshot: { poll: opened, pace } }) as unknown as PollTally;

const FIRST = poll('1', '2026-11-23T21:00:10.000Z');
const NOW = poll('9', '2026-11-30T21:00:50.000Z');

describe('the minute with the most votes', () => {
  const peakOf = (...pace: number[]) => peakMinute(tally(FIRST, pace).snapshot);

  it('is the first of those', () => {
    expect(peakOf(3, 7, 0, 7)).toEqual({ minuto: '2026-11-23T21:01:00.000Z', total: 7 });
  });

  it('is none without votes, or in a tally that does not know', () => {
    expect(peakOf(0, 0)).toBeNull();
    expect(peakMinute(tally(FIRST).snapshot)).toBeNull();
  });
});

describe('the same minute of earlier polls', () => {
  const at = (time: string, ...others: PollTally[]) =>
    earlierMinutes(NOW, [tally(NOW, [1, 1]), ...others], Date.parse(time));

  it('is the last whole one, counted from the opening', () => {
    const earlier = tally(FIRST, [5, 6]);
    expect(at('2026-11-30T21:00:59.999Z', earlier)).toEqual([]);
    const first = { paredao: '1', titulo: 'Paredão 1', minuto: '2026-11-23T21:00:00.000Z', total: 5 };
    expect(at('2026-11-30T21:01:00.000Z', earlier)).toEqual([first]);
    expect(at('2026-11-30T21:02:59.999Z', earlier)).toEqual([
      { ...first, minuto: '2026-11-23T21:01:00.000Z', total: 6 },
    ]);
    expect(at('2026-11-30T21:03:00.000Z', earlier)).toEqual([]);
  });

  it('is that of up to three, neither rehearsals nor annulled ones nor such that opened later', () => {
    const open = '2026-11-24T21:00:00.000Z';
    const others = [
      tally(poll('8', '2026-11-30T22:00:00.000Z'), [8]),
      tally(poll('7', open, { rehearsal: true } as never), [7]),
      tally(poll('6', open, { annulled: {} } as never), [6]),
      ...['5', '4', '3', '2'].map((id) => tally(poll(id, open), [Number(id)])),
    ];
    expect(at('2026-11-30T21:01:30.000Z', ...others).map(({ paredao }) => paredao)).toEqual(['5', '4', '3']);
  });
});
