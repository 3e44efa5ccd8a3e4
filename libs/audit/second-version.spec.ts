import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Counts } from './counts.ts';
import { audit, exportSource } from './index.ts';
import { failuresOf } from './testing/voted.ts';

interface Expected {
  readonly agrees: boolean;
  readonly status: string;
  readonly names: readonly string[];
  readonly counts: Counts;
  readonly digest: string;
  readonly commitment: string;
}

const FIXTURE = join(process.cwd(), 'libs/audit/testing/second-version');
const FILE = join(FIXTURE, 'log.ndjson.gz');
const EXPECTED = JSON.parse(readFileSync(join(FIXTURE, 'expected.json'), 'utf8')) as Record<string, Expected>;

describe('a log of two-way polls, from before polls had more', () => {
  it.each(Object.entries(EXPECTED))('audits to the same result as then: poll %s', async (pollId, then) => {
    const report = await audit({ source: exportSource(FILE), pollId, expected: then.commitment });
    const { agrees, counts, digest, commitment, poll } = report;
    const names = poll?.participants.map(({ name }) => name);
    expect({ agrees, status: poll?.status, names, counts, digest, commitment }).toEqual(then);
    expect(Object.keys(failuresOf(report))).toEqual(then.agrees ? [] : ['bytes']);
  });
});
