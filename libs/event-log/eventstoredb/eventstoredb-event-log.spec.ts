import { afterAll, beforeAll } from '@jest/globals';

import { EventStoreDbDouble } from '../../../test/eventstoredb-double/double.ts';
import { describeEventLogContract } from '../event-log.contract.ts';
import { EventStoreDbEventLog } from './eventstoredb-event-log.ts';

/** A real server, with credentials if it wants them; without it the double stands in. It need not be empty. */
const realServer = process.env['EVENTSTORE_URL'];

let double: EventStoreDbDouble | undefined;

const connectionString = (): string => realServer ?? double?.connectionString ?? '';

beforeAll(async () => {
  if (realServer === undefined) double = await EventStoreDbDouble.start();
});

afterAll(() => double?.stop());

describeEventLogContract(realServer === undefined ? 'the double of EventStoreDB' : 'EventStoreDB', {
  open: async () => EventStoreDbEventLog.connect(connectionString()),
  openReader: async () => EventStoreDbEventLog.connect(connectionString(), { readOnly: true }),
  capabilities: { readerIsReadOnly: true, bigHistory: 2000 },
});
