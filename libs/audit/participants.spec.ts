import { describe, expect, it, jest } from '@jest/globals';

import { type PollEvent, isBallotBox } from '#domain';

import { type Entry, NOON, POLL_ID, decided, record } from '../domain/testing/ballot-box.ts';
import { randomBallotBox } from '../domain/testing/random-ballot-box.ts';
import { recountByRule2 } from '../domain/testing/recount-by-rule-2.ts';
import { recount } from './index.ts';
import { SqlRecount } from './sqlite/sql-recount.ts';

/** Random boxes for each number of participants. */
const HISTORIES = 60;
jest.setTimeout(120_000);

const opened = (participants: number): Entry => {
  const people = Array.from({ length: participants }, (_, index) => ({ number: index + 1, name: `p${index + 1}` }));
  const openedAt = new Date(NOON).toISOString();
  const common = { pollId: POLL_ID, title: 'x', participants: people, openedAt, by: 'a' };
  const event: PollEvent = { type: 'PollOpened', ...common, evidenceKeyHash: '0f'.repeat(32) };
  return decided(event);
};

describe('the three recounts of a poll', () => {
  it.each([2, 3, 4, 5, 6, 7, 8, 9, 10])('agree on every ballot box of %i participants', (participants) => {
    const seen = { counted: 0, last: 0, quarantined: 0 };
    for (let seed = 0; seed < HISTORIES; seed++) {
      const events = record([opened(participants), ...randomBallotBox(seed, 2, participants)]);
      const box = events.filter(({ stream }) => isBallotBox(stream));
      const folded = recount(POLL_ID, events);
      const sql = new SqlRecount('box');
      for (const event of box) sql.add(event);
      const inSql = sql.result({ rule: 2, participants }).counts;
      sql.close();
      expect({ seed, ...folded }).toMatchObject({ seed, ...recountByRule2(box, participants) });
      expect({ seed, ...inSql }).toEqual({ seed, ...folded });
      expect(folded.votes).toHaveLength(participants);
      seen.counted += folded.votes.reduce((sum, votes) => sum + votes, 0);
      seen.last += folded.votes.at(-1)!;
      seen.quarantined += folded.quarantined;
    }
    // boxes in which nothing happens would agree as well
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(HISTORIES / 10);
  });
});
