import { describe, expect, it } from '@jest/globals';

import { audit, exportSource } from './index.ts';
import { storedLog } from './testing/fixture.ts';
import { failuresOf } from './testing/voted.ts';

const { file, polls } = storedLog('second-version');

describe('a log of two-way polls, from before polls had more', () => {
  it.each(polls)('audits to the same result as then: poll %s', async (pollId, then) => {
    const report = await audit({ source: exportSource(file), pollId, expected: then.commitment });
    const { agrees, counts, digest, commitment, poll } = report;
    const names = poll?.participants.map(({ name }) => name);
    expect({ agrees, status: poll?.status, names, counts, digest, commitment }).toEqual({
      ...then,
      counts: { ...then.counts, openings: 0 },
    });
    expect(Object.keys(failuresOf(report))).toEqual(then.agrees ? [] : ['bytes']);
  });
});
