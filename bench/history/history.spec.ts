import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type AuditReport, audit, logSource } from '#audit';
import { SqliteEventLog } from '#event-log';

import { type MadeHistory, makeSqliteHistory } from './make.ts';
import { measureSubject } from './subjects.ts';

const VOTES = 60_000;
/** Votes a second: an append of 2048 takes most of a minute, which no vote may be longer on its way than. */
const RATE = 40;
const UNREADABLE = 2;

let directory: string;
let made: MadeHistory;
let report: AuditReport;

async function auditOf(place: string): Promise<AuditReport> {
  const log = SqliteEventLog.openReadOnly(place);
  try {
    return await audit({ source: logSource(log), pollId: '1' });
  } finally {
    await log.close();
  }
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'paredao-history-'));
  made = await makeSqliteHistory(directory, VOTES, 7, { rate: RATE, unreadable: true });
  report = await auditOf(directory);
});
afterAll(() => rmSync(directory, { recursive: true }));

/** Three counts of one box: by whoever made it, by the fold, in SQL. */
describe('a history that was made', () => {
  it('is counted as it was made', () => {
    const { votes, duplicates, late, expired, quarantined } = report.counts;
    expect({ votes, duplicates, late, expired, quarantined }).toEqual(made.expected);
    expect(quarantined).toBe(UNREADABLE);
    expect(report.counts.events).toBe(VOTES + 1 + late);
    expect(Object.keys(report.counts.hours)).toHaveLength(1);
  });

  it('is flawless but for what was made unreadable', () => {
    const failed = report.checks.filter(({ outcome }) => outcome === 'failed');
    expect(failed).toEqual([expect.objectContaining({ id: 'bytes', findingCount: UNREADABLE })]);
  });

  it('is the same log for the same seed', async () => {
    const other = mkdtempSync(join(tmpdir(), 'paredao-history-'));
    await makeSqliteHistory(other, VOTES, 7, { rate: RATE, unreadable: true });
    expect((await auditOf(other)).commitment).toBe(report.commitment);
    rmSync(other, { recursive: true });
  });

  it('starts a projector with the events of the last minutes', async () => {
    const whole = await measureSubject('rebuild', directory);
    expect(whole.events).toBe(report.counts.events + 3);
    const start = await measureSubject('start of a projector', directory);
    // ids are kept for six minutes and an append has 2048 events: the rest of 25 minutes is not read again
    expect(start.events).toBeLessThan(RATE * 60 * 6 + 2 * 2048 + 200);
    expect(start.events).toBeGreaterThan(0);
  });
});
