import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

import { EventStoreDbDouble } from '../../../test/eventstoredb-double/double.ts';
import {
  Subscriber,
  all,
  appendUntilKnown,
  events,
  idsOf,
  newPrefix,
  seed,
  until,
} from '../../../test/eventstoredb-double/fixtures.ts';
import { describeOnDouble } from '../../../test/eventstoredb-double/server-under-test.ts';
import { EventLogUnavailableError, START } from '../event-log.ts';
import { EventStoreDbEventLog } from './eventstoredb-event-log.ts';

const limits = { appendMs: 1500, readMs: 1000, firstPauseMs: 20, longestPauseMs: 100 };

let double: EventStoreDbDouble;
let log: EventStoreDbEventLog;
let prefix: string;
let troubles: string[];

beforeEach(async () => {
  double = await EventStoreDbDouble.start();
  troubles = [];
  log = EventStoreDbEventLog.connect(double.connectionString, { limits, onTrouble: (what) => troubles.push(what) });
  prefix = newPrefix();
});

afterEach(async () => {
  double.faults.thaw();
  await log.close();
  double.stop();
});

/** Appends to two streams until told to stop, over restarts of the server. */
function write(): { stop: () => Promise<string[]> } {
  let running = true;
  const acknowledged: string[] = [];
  const writer = async (stream: string): Promise<void> => {
    for (let sent = 0; running; sent += 5) {
      const batch = events(5);
      await appendUntilKnown(log, stream, batch, sent === 0 ? 'no-stream' : BigInt(sent - 1));
      acknowledged.push(...idsOf(batch));
    }
  };
  const writers = [writer(`${prefix}a`), writer(`${prefix}b`)];
  return {
    stop: async () => {
      running = false;
      await Promise.all(writers);
      return acknowledged;
    },
  };
}

/** Waits until a number no longer changes. */
async function steady(count: () => number): Promise<void> {
  for (let last = -1; last !== count(); await delay(200)) last = count();
}

const inLog = (): string[] => idsOf(double.store.all.filter(({ stream }) => stream.startsWith(prefix)));

describeOnDouble('a subscription', 'a server that ends, freezes or is silent', () => {
  it('misses nothing and repeats nothing when the server is killed again and again', async () => {
    const subscriber = new Subscriber(log, START, prefix);
    const writing = write();
    for (let round = 0; round < 4; round++) {
      await delay(150);
      await double.restart();
    }
    const acknowledged = await writing.stop();
    await until(() => subscriber.events.length >= acknowledged.length);
    await subscriber.stop();
    expect(idsOf(subscriber.events)).toEqual(inLog());
    expect(subscriber.events.length).toBe(acknowledged.length);
    expect(troubles).toContain('a subscription broke and is opened again');
  });

  it('waits for a server that is away, and says that it caught up when it is back', async () => {
    await log.append(`${prefix}a`, events(3), 'no-stream');
    double.kill();
    const subscriber = new Subscriber(log, START, prefix);
    await until(() => troubles.length >= 3);
    await double.restart();
    await until(() => subscriber.caughtUp > 0);
    expect(subscriber.events).toHaveLength(3);
    await subscriber.stop();
  });

  it('says that it does not know the end of the log any more when the server is gone', async () => {
    const told: boolean[] = [];
    const subscriber = new Subscriber(log, START, prefix, async ({ caughtUp }) => void told.push(caughtUp));
    await until(() => subscriber.caughtUp > 0);
    double.kill();
    await until(() => told.includes(false));
    await double.restart();
    await until(() => told.lastIndexOf(true) > told.indexOf(false));
    await subscriber.stop();
  });

  it('is opened anew when it is silent: a dead one is found out, and nothing is missed or repeated', async () => {
    const watchful = EventStoreDbEventLog.connect(double.connectionString, {
      limits: { ...limits, idleMs: 100 },
      onTrouble: (what) => troubles.push(what),
    });
    await log.append(`${prefix}a`, events(2), 'any');
    const subscriber = new Subscriber(watchful, START, prefix);
    await until(() => subscriber.caughtUp > 0);
    double.faults.killSubscriptions();
    await log.append(`${prefix}a`, events(2), 'any');
    await until(() => subscriber.events.length >= 4);
    await subscriber.stop();
    expect(idsOf(subscriber.events)).toEqual(inLog());
    expect(troubles).toEqual([]);
    await watchful.close();
  });

  it('does not search again, when it is opened anew, what it searched before', async () => {
    const watchful = EventStoreDbEventLog.connect(double.connectionString, { limits: { ...limits, idleMs: 200 } });
    seed(double.store, `other-${randomUUID()}`, 5000);
    const subscriber = new Subscriber(watchful, START, prefix);
    await until(() => subscriber.caughtUp > 3);
    expect(double.store.searched).toBeLessThan(2 * double.store.all.length);
    await log.append(`${prefix}a`, events(1), 'any');
    await until(() => subscriber.events.length === 1);
    await subscriber.stop();
    await watchful.close();
  });

  it('is broken when a server confirms it and then is silent before the end of the log', async () => {
    const watchful = EventStoreDbEventLog.connect(double.connectionString, {
      limits: { ...limits, idleMs: 100 },
      onTrouble: (_, error) => troubles.push(error.message),
    });
    const told: boolean[] = [];
    seed(double.store, `${prefix}a`, 2000);
    const subscriber = new Subscriber(watchful, START, prefix, async ({ caughtUp }) => {
      if (told.push(caughtUp) === 1) double.faults.freeze();
    });
    await until(() => troubles.some((message) => message.includes('no sign of life')));
    expect(told).not.toContain(true);
    double.faults.thaw();
    await until(() => subscriber.caughtUp > 0);
    await subscriber.stop();
    expect(idsOf(subscriber.events)).toEqual(inLog());
    await watchful.close();
  });

  it('is opened again when the server never confirms it', async () => {
    const impatient = EventStoreDbEventLog.connect(double.connectionString, {
      limits: { ...limits, idleMs: 100 },
      onTrouble: (_, error) => troubles.push(error.message),
    });
    double.faults.freeze();
    const subscriber = new Subscriber(impatient, START, prefix);
    await until(() => troubles.length >= 2);
    expect(troubles[0]).toMatch(/no sign of life/);
    double.faults.thaw();
    await until(() => subscriber.caughtUp > 0);
    await subscriber.stop();
    await impatient.close();
  });

  it('gives a slow consumer everything in order, and holds the server back meanwhile', async () => {
    const total = 10_000;
    const slow = Promise.withResolvers<void>();
    const sizes: number[] = [];
    seed(double.store, `${prefix}a`, total);
    const subscriber = new Subscriber(log, START, prefix, async (page) => {
      sizes.push(page.events.length);
      await slow.promise;
    });
    await until(() => sizes.length === 1);
    await steady(() => double.store.delivered);
    expect(double.store.delivered).toBeLessThan(total / 2);
    slow.resolve();
    await until(() => subscriber.events.length >= total && subscriber.caughtUp > 0);
    await subscriber.stop();
    expect(subscriber.events.every(({ revision }, index) => revision === BigInt(index))).toBe(true);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(500);
  });

  it('ends promptly when it is aborted: live, while the server is frozen, and while it is away', async () => {
    const live = new Subscriber(log, START, prefix);
    await until(() => live.caughtUp > 0);
    await promptly(live.stop());
    double.faults.freeze();
    const frozen = new Subscriber(log, START, prefix);
    await delay(50);
    await promptly(frozen.stop());
    double.kill();
    const away = new Subscriber(log, START, prefix);
    await until(() => troubles.length > 0);
    await promptly(away.stop());
    expect([live.ended, frozen.ended, away.ended]).toEqual([true, true, true]);
  });
});

describeOnDouble('what comes out of the log', 'events that are put past the log', () => {
  it('is bytes, also of foreign events, malformed or not, without a version', async () => {
    const propose = (contentType: string, text: string): void => {
      const id = randomUUID();
      const data = new TextEncoder().encode(text);
      double.store.append(
        `${prefix}a`,
        [{ id, type: 'Foreign', contentType, data, metadata: new Uint8Array() }],
        'any',
      );
    };
    propose('application/json', '{"a":1}');
    propose('application/json', '{"a":');
    propose('application/octet-stream', '{"b":2}');
    const found = await all(log.read(`${prefix}a`, 0n));
    expect(found.map(({ data }) => Buffer.from(data).toString())).toEqual(['{"a":1}', '{"a":', '{"b":2}']);
    expect(found.map(({ version }) => version)).toEqual([0, 0, 0]);
    expect(found.every(({ data }) => ArrayBuffer.isView(data))).toBe(true);
  });

  it("has none of the server's own events, whatever the prefix", async () => {
    await log.append(`${prefix}a`, events(1), 'any');
    double.writeSystemEvent('$stats-127.0.0.1', '$statsCollected');
    for (const prefixes of [[''], ['$', prefix], [prefix]]) {
      expect((await all(log.readAll(START, prefixes))).map(({ stream }) => stream)).toEqual([`${prefix}a`]);
    }
    expect(await all(log.readAll(START, []))).toEqual([]);
    expect(Date.now() - (await log.head()).recordedAt).toBeLessThan(60_000);
  });
});

describeOnDouble('a read of a frozen server', 'a frozen server', () => {
  it('fails within its time limit', async () => {
    await log.append(`${prefix}a`, events(2), 'any');
    await log.head();
    double.faults.freeze();
    const started = performance.now();
    await expect(log.head()).rejects.toThrow(EventLogUnavailableError);
    await expect(all(log.read(`${prefix}a`, 0n))).rejects.toThrow(EventLogUnavailableError);
    await expect(all(log.readAll(START, [prefix]))).rejects.toThrow(EventLogUnavailableError);
    expect(performance.now() - started).toBeLessThan(3 * limits.readMs + 1000);
  });

  it('fails in the middle as well', async () => {
    seed(double.store, `${prefix}a`, 5000);
    const read = (async () => {
      for await (const page of log.readAll(START, [prefix])) if (page.length > 0) double.faults.freeze();
    })();
    await expect(read).rejects.toThrow(EventLogUnavailableError);
  });
});

/** Well before any of the limits. */
async function promptly(work: Promise<unknown>): Promise<void> {
  const started = performance.now();
  await work;
  expect(performance.now() - started).toBeLessThan(400);
}
