import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';

import { all, events, idsOf, newPrefix } from '../../../test/eventstoredb-double/fixtures.ts';
import {
  type ServerUnderTest,
  describeOnServer,
  serverUnderTest,
} from '../../../test/eventstoredb-double/server-under-test.ts';
import {
  AppendTooLargeError,
  InvalidAppendError,
  MAX_APPEND_BYTES,
  type NewEvent,
  WrongExpectedRevisionError,
} from '../event-log.ts';
import { SecondAppenderError } from './appender.ts';
import { EventStoreDbEventLog } from './eventstoredb-event-log.ts';

let server: ServerUnderTest;
let log: EventStoreDbEventLog;
let stream: string;

beforeEach(async () => {
  server = await serverUnderTest();
  log = EventStoreDbEventLog.connect(server.connectionString);
  stream = `${newPrefix()}1`;
});

afterEach(async () => {
  await log.close();
  server.stop();
});

const stored = async (): Promise<string[]> => idsOf(await all(log.read(stream, 0n)));

describeOnServer('input that would hang or break the client never reaches it', () => {
  const event = events(1)[0]!;
  const hostile = (change: object): NewEvent[] => [{ ...event, id: randomUUID(), ...change }];

  it.each([
    ['a BigInt as data', hostile({ data: 1n }), 'any'],
    ['a string as data', hostile({ data: 'text' }), 'any'],
    ['the nil UUID', hostile({ id: '00000000-0000-0000-0000-000000000000' }), 'any'],
    ['a BigInt as version', hostile({ version: 1n }), 'any'],
    ['a system event type', hostile({ type: '$metadata' }), 'any'],
    ['no event', [], 'any'],
    ['null as revision', events(1), null],
    ['a number as revision', events(1), 0],
    ['revision -1', events(1), -1n],
    ['a revision beyond 64 bits', events(1), 2n ** 64n],
  ])('%s', async (_, batch, expected) => {
    const others = Promise.all([1, 2, 3].map(() => log.append(stream, events(2), 'any')));
    await expect(log.append(stream, batch, expected as never)).rejects.toThrow(InvalidAppendError);
    await others;
    expect(await stored()).toHaveLength(6);
  });

  it('nor does one byte more than servers take', async () => {
    const large = log.append(stream, hostile({ data: new Uint8Array(1_048_576 - 24) }), 'any');
    await expect(large).rejects.toThrow(AppendTooLargeError);
    expect(await stored()).toEqual([]);
  });

  it('takes the largest append that the port allows', async () => {
    const { revision } = await log.append(stream, hostile({ data: new Uint8Array(MAX_APPEND_BYTES) }), 'any');
    expect(revision).toBe(0n);
  });
});

describeOnServer('a batch whose boundaries changed', () => {
  it('is refused whole when its boundaries changed: a known first id with a new one behind it', async () => {
    const batch = events(3);
    await log.append(stream, batch.slice(0, 2), 'any');
    await expect(log.append(stream, batch, 'any')).rejects.toThrow(WrongExpectedRevisionError);
    await expect(log.append(stream, batch, 'no-stream')).rejects.toThrow(WrongExpectedRevisionError);
    expect(await stored()).toEqual(idsOf(batch.slice(0, 2)));
  });
});

describeOnServer('a stream that is not as expected', () => {
  it('says where it is, and stores nothing', async () => {
    await expect(log.append(stream, events(1), 4n)).rejects.toThrow('expected 4, is at no-stream');
    await log.append(stream, events(2), 'no-stream');
    await expect(log.append(stream, events(1), 'no-stream')).rejects.toThrow('expected no-stream, is at 1');
    await expect(log.append(stream, events(1), 0n)).rejects.toThrow('expected 0, is at 1');
    expect(await stored()).toHaveLength(2);
  });

  it('cannot be hidden by an option of the client that makes it report wrong revisions', () => {
    const connect = () => EventStoreDbEventLog.connect(`${server.connectionString}&throw_on_append_failure=false`);
    expect(connect).toThrow(TypeError);
  });
});

describeOnServer('one appending client per process', () => {
  it('refuses a second log that appends, lets it read, and lets it append when the first was closed', async () => {
    const second = EventStoreDbEventLog.connect(server.connectionString);
    await log.append(stream, events(1), 'any');
    await expect(second.append(stream, events(1), 'any')).rejects.toThrow(SecondAppenderError);
    expect(await all(second.read(stream, 0n))).toHaveLength(1);
    await log.close();
    expect((await second.append(stream, events(1), 'any')).revision).toBe(1n);
    await second.close();
  });
});
