import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { QuarantinedEvent } from '#domain';
import { SqliteEventLog } from '#event-log';

import type { Counts } from './counts.ts';
import { type EventSource, audit, exportSource, importExport, logSource } from './index.ts';
import { failuresOf } from './testing/voted.ts';

interface Expected {
  readonly agrees: boolean;
  readonly status: string;
  readonly names: readonly string[];
  readonly counts: Counts;
  readonly digest: string;
  readonly commitment: string;
  readonly quarantine: readonly QuarantinedEvent[];
}

const FIXTURE = join(process.cwd(), 'libs/audit/testing/first-version');
const FILE = join(FIXTURE, 'log.ndjson.gz');
const EXPECTED = JSON.parse(readFileSync(join(FIXTURE, 'expected.json'), 'utf8')) as Record<string, Expected>;

describe('a log of the first version', () => {
  const directory = mkdtempSync(join(tmpdir(), 'paredao-first-version-'));
  let log: SqliteEventLog;
  beforeAll(async () => {
    await importExport(FILE, directory);
    log = SqliteEventLog.openReadOnly(directory);
  });
  afterAll(async () => {
    await log.close();
    rmSync(directory, { recursive: true });
  });

  const polls = Object.entries(EXPECTED);
  const sources: [string, () => EventSource][] = [
    ['its export', () => exportSource(FILE)],
    ['a log made of it', () => logSource(log)],
  ];
  const cases = sources.flatMap(([name, source]) =>
    polls.map(([pollId, expected]) => ({ name, source, pollId, expected })),
  );

  it.each(cases)('audits to the same result as then: poll $pollId of $name', async ({ source, pollId, expected }) => {
    const report = await audit({ source: source(), pollId, expected: expected.commitment });
    const { agrees, counts, digest, boxCommitment: commitment, poll } = report;
    const names = poll?.participants.map(({ name }) => name);
    const { quarantine: _, ...then } = expected;
    expect({ agrees, status: poll?.status, names, counts, digest, commitment }).toEqual(then);
    expect(Object.keys(failuresOf(report))).toEqual(agrees ? [] : ['bytes']);
  });
});
