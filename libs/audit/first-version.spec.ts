import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { QuarantinedEvent } from '#domain';
import { SqliteEventLog } from '#event-log';

import { type EventSource, audit, exportSource, importExport, logSource } from './index.ts';
import { type Expected, storedLog } from './testing/fixture.ts';
import { failuresOf } from './testing/voted.ts';

type ExpectedThen = Expected & { readonly quarantine: readonly QuarantinedEvent[] };

const { file, polls } = storedLog<ExpectedThen>('first-version');

describe('a log of the first version', () => {
  const directory = mkdtempSync(join(tmpdir(), 'paredao-first-version-'));
  let log: SqliteEventLog;
  beforeAll(async () => {
    await importExport(file, directory);
    log = SqliteEventLog.openReadOnly(directory);
  });
  afterAll(async () => {
    await log.close();
    rmSync(directory, { recursive: true });
  });

  const sources: [string, () => EventSource][] = [
    ['its export', () => exportSource(file)],
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
    expect({ agrees, status: poll?.status, names, counts, digest, commitment }).toEqual({
      ...then,
      counts: { ...then.counts, openings: 0 },
    });
    expect(Object.keys(failuresOf(report))).toEqual(agrees ? [] : ['bytes']);
  });
});
