import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { audit, exportNdjson, importExport, logSource } from '#audit';
import { type EventLog, SqliteEventLog } from '#event-log';
import { EventStoreDbEventLog } from '#event-log/eventstoredb';

import { type Expected } from '../bench/history/history.ts';
import { fillEventStore } from '../bench/history/make.ts';
import { EventStoreDbDouble } from './eventstoredb-double/double.ts';
import { temporaryDirectory } from './support/server.ts';

const VOTES = 6000;

let double: EventStoreDbDouble;
let log: EventLog;
let expected: Expected;
beforeAll(async () => {
  double = await EventStoreDbDouble.start();
  expected = await fillEventStore(double.connectionString, VOTES, 3);
  log = EventStoreDbEventLog.connect(double.connectionString, { readOnly: true });
});
afterAll(async () => {
  await log.close();
  double.stop();
});

it('audits a log in EventStoreDB, and a copy of it in SQLite that is the same', async () => {
  const report = await audit({ source: logSource(log), pollId: '1' });
  expect(report.checks.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
  const { votes, duplicates, late, expired, quarantined } = report.counts;
  expect({ votes, duplicates, late, expired, quarantined }).toEqual(expected);

  const directory = temporaryDirectory();
  const file = join(directory, 'export.ndjson');
  let text = '';
  for await (const lines of exportNdjson({ log, pollId: '1' })) text += lines;
  writeFileSync(file, text);
  await importExport(file, directory);
  const copy = SqliteEventLog.openReadOnly(directory);
  const again = await audit({ source: logSource(copy), pollId: '1' });
  await copy.close();
  for (const key of ['commitment', 'digest', 'counts', 'position'] as const) expect(again[key]).toEqual(report[key]);
});
