import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';

import { Subscriber, all, events, idsOf, newPrefix, until } from '../../../test/eventstoredb-double/fixtures.ts';
import {
  type ServerUnderTest,
  describeOnServer,
  serverUnderTest,
} from '../../../test/eventstoredb-double/server-under-test.ts';
import { EventLogUnavailableError, START } from '../event-log.ts';
import { EventStoreDbEventLog } from './eventstoredb-event-log.ts';

let server: ServerUnderTest;
let log: EventStoreDbEventLog;
let prefix: string;

beforeEach(async () => {
  server = await serverUnderTest();
  log = EventStoreDbEventLog.connect(server.connectionString);
  prefix = newPrefix();
});

afterEach(async () => {
  await log.close();
  server.stop();
});

describeOnServer('a subscription', () => {
  it('resumes exactly behind each event, within a batch as well', async () => {
    await log.append(`${prefix}a`, events(4), 'no-stream');
    await log.append(`${prefix}b`, events(3), 'no-stream');
    const expected = idsOf(await all(log.readAll(START, [prefix])));
    const positions = (await all(log.readAll(START, [prefix]))).map(({ position }) => position);
    expect(new Set(positions).size).toBe(7);
    for (const [index, position] of positions.entries()) {
      expect(idsOf(await all(log.readAll(position, [prefix])))).toEqual(expected.slice(index + 1));
      const subscriber = new Subscriber(log, position, prefix);
      await until(() => subscriber.caughtUp > 0);
      await subscriber.stop();
      expect(idsOf(subscriber.events)).toEqual(expected.slice(index + 1));
    }
  });

  it('passes thousands of foreign events, of which it only hears checkpoints', async () => {
    const other = `other-${randomUUID()}`;
    for (let batch = 0; batch < 10; batch++) await log.append(other, events(500), 'any');
    const subscriber = new Subscriber(log, START, prefix);
    await until(() => subscriber.caughtUp === 1);
    await log.append(`${prefix}a`, events(1), 'any');
    await until(() => subscriber.events.length === 1);
    await subscriber.stop();
  });

  it('throws when the log is closed under it', async () => {
    const subscriber = new Subscriber(log, START, prefix);
    const outcome = expect(subscriber.done).rejects.toThrow(EventLogUnavailableError);
    await until(() => subscriber.caughtUp > 0);
    await log.close();
    await outcome;
  });
});
describeOnServer('what comes out of the log', () => {
  it('has bigint revisions and positions that fit 64 bits, and the canonical bytes', async () => {
    const batch = events(2, 'não é ASCII');
    const result = await log.append(`${prefix}a`, batch, 'no-stream');
    const found = await all(log.readAll(START, [prefix]));
    expect(found.map(({ revision }) => revision)).toEqual([0n, 1n]);
    expect(found.at(-1)).toMatchObject({ ...result, id: batch[1]!.id, version: 1, type: 'Tested' });
    expect(Buffer.from(found[1]!.data)).toEqual(Buffer.from(batch[1]!.data));
    expect(found.every(({ position }) => position === BigInt.asIntN(64, position))).toBe(true);
  });
});
