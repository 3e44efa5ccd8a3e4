import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { audit, exportNdjson, importExport, logSource, pollsOf } from '#audit';
import { type EventLog, SqliteEventLog } from '#event-log';
import { EventStoreDbEventLog } from '#event-log/eventstoredb';

import { type Expected } from '../bench/history/history.ts';
import { fillEventStore } from '../bench/history/make.ts';
import { type ServerUnderTest, describeOnServer, serverUnderTest } from './eventstoredb-double/server-under-test.ts';
import { temporaryDirectory } from './support/server.ts';

const VOTES = 6000;
const LIMIT_MS = 60_000;

let server: ServerUnderTest;
let log: EventLog;
/** The next one: a real server is never empty. */
let pollId: string;
let expected: Expected;
beforeAll(async () => {
  server = await serverUnderTest();
  log = EventStoreDbEventLog.connect(server.connectionString, { readOnly: true });
  const numbers = [...(await pollsOf(log)).polls.keys()].map(Number).filter(Number.isInteger);
  const number = Math.max(0, ...numbers) + 1;
  pollId = String(number);
  expected = await fillEventStore(server.connectionString, { pollId, votes: VOTES, seed: number });
}, LIMIT_MS);
afterAll(async () => {
  await log.close();
  server.stop();
});

describeOnServer('an audit of EventStoreDB', () => {
  it(
    'audits a log in EventStoreDB, and a copy of it in SQLite that is the same',
    async () => {
      const report = await audit({ source: logSource(log), pollId });
      expect(report.checks.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
      const { votes, duplicates, late, expired, quarantined } = report.counts;
      expect({ votes, duplicates, late, expired, quarantined }).toEqual(expected);

      const directory = temporaryDirectory();
      const file = join(directory, 'export.ndjson');
      let text = '';
      for await (const lines of exportNdjson({ log, pollId })) text += lines;
      writeFileSync(file, text);
      await importExport(file, directory);
      const copy = SqliteEventLog.openReadOnly(directory);
      const again = await audit({ source: logSource(copy), pollId });
      await copy.close();
      for (const key of ['commitment', 'digest', 'counts', 'position'] as const)
        expect(again[key]).toEqual(report[key]);
    },
    LIMIT_MS,
  );
});
