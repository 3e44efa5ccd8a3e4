import { afterAll, beforeAll } from '@jest/globals';

import { type ServerUnderTest, WHERE, serverUnderTest } from '../../../test/eventstoredb-double/server-under-test.ts';
import { describeEventLogContract } from '../event-log.contract.ts';
import { EventStoreDbEventLog } from './eventstoredb-event-log.ts';

let server: ServerUnderTest;

beforeAll(async () => {
  server = await serverUnderTest();
});

afterAll(() => server.stop());

describeEventLogContract(`EventStoreDB ${WHERE}`, {
  open: async () => EventStoreDbEventLog.connect(server.connectionString),
  openReader: async () => EventStoreDbEventLog.connect(server.connectionString, { readOnly: true }),
  capabilities: { readerIsReadOnly: true, bigHistory: 2000 },
});
