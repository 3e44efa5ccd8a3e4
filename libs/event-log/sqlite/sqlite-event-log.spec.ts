import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';

import { describeEventLogContract } from '../event-log.contract.ts';
import { SqliteEventLog } from './sqlite-event-log.ts';

const directory = mkdtempSync(join(tmpdir(), 'event-log-'));

describeEventLogContract('SQLite', {
  open: async () => SqliteEventLog.open(directory),
  openReader: async () => SqliteEventLog.openReadOnly(directory),
  capabilities: { readerIsReadOnly: true, bigHistory: 5000 },
});

afterAll(() => rmSync(directory, { recursive: true }));
