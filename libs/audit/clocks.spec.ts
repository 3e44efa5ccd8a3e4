import { expect, it, jest } from '@jest/globals';

import { type Entry, HOUR, MINUTE, NOON, SECOND, cut, decided, voteOfRule2 } from '../domain/testing/ballot-box.ts';
import type { Check } from './index.ts';
import { OPENED, Voted, failuresOf, found } from './testing/voted.ts';

const DAY = 24 * HOUR;
const opened = decided({ ...OPENED, evidenceKeyHash: 'a'.repeat(64) });

async function checksOf(...entries: readonly Entry[]): Promise<readonly Check[]> {
  const voted = await Voted.from([opened, ...entries]);
  const { checks } = await voted.audit();
  voted.dispose();
  return checks;
}

const failures = (checks: readonly Check[]) => failuresOf({ checks } as Parameters<typeof failuresOf>[0]);
const noted = (checks: readonly Check[]) =>
  checks.flatMap(({ observations }) => observations).map(({ code, at }) => [code, at.revision]);

it('a poll of rule 2 does not fail for clocks that were set by an hour: it says so', async () => {
  const checks = await checksOf(
    voteOfRule2('a'),
    // cast before the clock went forward, recorded behind it, and the other way round
    voteOfRule2('b', 1, { castAt: NOON, recordedAt: NOON + HOUR }),
    voteOfRule2('c', 2, { castAt: NOON + HOUR, recordedAt: NOON + SECOND }),
    voteOfRule2('d', 1, { castAt: NOON + HOUR, expiresAt: NOON + 5 * MINUTE, recordedAt: NOON + HOUR }),
    {
      ...decided({ type: 'PollClosed', pollId: 'paredao-1', closedAt: new Date(NOON).toISOString(), by: 'x' }),
      recordedAt: NOON,
    },
    voteOfRule2('e', 1, { castAt: NOON + HOUR, recordedAt: NOON + SECOND }),
    cut(NOON + 11 * SECOND),
  );
  expect(failures(checks)).toEqual({});
  expect(noted(checks)).toEqual([
    ['recorded-earlier', '2'],
    ['recorded-earlier', '1'],
    ['impossible-times', '1'],
    ['impossible-times', '2'],
    ['impossible-times', '3'],
    ['impossible-times', '4'],
    ['vote-after-closing', '4'],
  ]);
});

it('an audit says how long it took, also when the clock is set back meanwhile', async () => {
  const voted = await Voted.from();
  const started = Date.now();
  const clock = jest
    .spyOn(Date, 'now')
    .mockReturnValueOnce(started)
    .mockReturnValue(started - HOUR);
  const { seconds, finishedAt, startedAt } = await voted.audit();
  clock.mockRestore();

  expect(Date.parse(finishedAt)).toBeLessThan(Date.parse(startedAt));
  expect(seconds).toBeGreaterThan(0);
  expect(seconds).toBeLessThan(60);
  voted.dispose();
});

it('a vote that is more than a day off is no matter of clocks', async () => {
  const checks = await checksOf(
    voteOfRule2('a', 1, { expiresAt: NOON + DAY + MINUTE }),
    voteOfRule2('b', 1, { castAt: NOON - DAY - MINUTE, recordedAt: NOON, expiresAt: NOON + MINUTE }),
  );
  expect(failures(checks)).toEqual({
    times: [found('impossible-lifetime', { revision: '0' }), found('impossible-lifetime', { revision: '1' })],
  });
});

it('one solution that two instances took at once is noted, and fails nothing', async () => {
  const checks = await checksOf(
    voteOfRule2('a', 1),
    voteOfRule2('a', 2),
    voteOfRule2('a', 1, { castAt: NOON + MINUTE, recordedAt: NOON, expiresAt: NOON + 5 * MINUTE }),
    voteOfRule2('a', 1),
  );
  expect(failures(checks)).toEqual({});
  expect(noted(checks)).toEqual([
    ['raced-vote', '1'],
    ['raced-vote', '2'],
  ]);
});

it('an id that comes again with another expiry is forged, also before the key is known', async () => {
  const checks = await checksOf(voteOfRule2('a', 1), voteOfRule2('a', 1, { expiresAt: NOON + 6 * MINUTE }));
  expect(failures(checks)).toEqual({ repeats: [found('repeat-differs', { revision: '1' })] });
});

it.each([
  { provider: 'altcha', price: 'raised', evidence: `${'0'.repeat(31)}1` },
  { provider: 'altcha', price: 'base', evidence: 'f'.repeat(32) },
] as const)('so is one with another price or evidence: %j', async (humanCheck) => {
  const forged = voteOfRule2('a');
  const text = Buffer.from(forged.content.data)
    .toString()
    .replace(/"humanCheck":.*/, `"humanCheck":${JSON.stringify(humanCheck)}}`);
  const checks = await checksOf(voteOfRule2('a'), {
    ...forged,
    content: { ...forged.content, data: Buffer.from(text) },
  });
  expect(failures(checks)).toEqual({ repeats: [found('repeat-differs', { revision: '1' })] });
});
