import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';

import { EventStoreDbDouble } from '../../../test/eventstoredb-double/double.ts';
import { Subscriber, idsOf, newPrefix, seed, until } from '../../../test/eventstoredb-double/fixtures.ts';
import { describeOnDouble } from '../../../test/eventstoredb-double/server-under-test.ts';
import { START } from '../event-log.ts';
import { EventStoreDbEventLog } from './eventstoredb-event-log.ts';

let double: EventStoreDbDouble;
let log: EventStoreDbEventLog;
let prefix: string;
let troubles: string[];

beforeEach(async () => {
  double = await EventStoreDbDouble.start();
  troubles = [];
  const limits = { firstPauseMs: 20, longestPauseMs: 100 };
  log = EventStoreDbEventLog.connect(double.connectionString, { limits, onTrouble: (what) => troubles.push(what) });
  prefix = newPrefix();
});

afterEach(async () => {
  await log.close();
  double.stop();
});

const inLog = (): string[] => idsOf(double.store.all.filter(({ stream }) => stream.startsWith(prefix)));

describeOnDouble('a server that does not know its own positions', 'the faults of other versions', () => {
  it.each(['none', 'unknown', 'zero'] as const)(
    'costs no event where it says %s of a log in which nothing matched, and the connection breaks then',
    async (checkpoint) => {
      double.faults.emptyCheckpoint = checkpoint;
      const subscriber = new Subscriber(log, START, prefix);
      await until(() => subscriber.caughtUp > 0);
      for (let round = 0; round < 3; round++) {
        double.kill();
        seed(double.store, `${prefix}a`, 7);
        await double.restart();
        await until(() => subscriber.events.length >= 7 * (round + 1));
      }
      await subscriber.stop();
      expect(idsOf(subscriber.events)).toEqual(inLog());
    },
  );
});

describeOnDouble('a server for which a consumer is too slow', 'the faults of other versions', () => {
  /** Votes come in bursts that no buffer of 32 holds. @returns the median time from an append to its delivery, ms */
  async function bursts(count: number): Promise<number> {
    const sentAt = new Map<string, number>();
    const delays: number[] = [];
    const subscriber = new Subscriber(log, START, prefix, async (page) => {
      for (const { id } of page.events) if (sentAt.has(id)) delays.push(performance.now() - sentAt.get(id)!);
    });
    const before = double.store.stream(`${prefix}a`)?.length ?? 0;
    await until(() => subscriber.events.length >= before);
    await until(() => subscriber.caughtUp > 0);
    for (let burst = 0; burst < count; burst++) {
      const known = double.store.all.length;
      seed(double.store, `${prefix}a`, 100);
      for (const { id } of double.store.all.slice(known)) sentAt.set(id, performance.now());
      await delay(100);
    }
    await until(() => subscriber.events.length >= before + 100 * count);
    await subscriber.stop();
    expect(idsOf(subscriber.events)).toEqual(inLog());
    // two thirds of a burst would wait, if anything did; a machine that is busy elsewhere holds up a few
    return delays.toSorted((a, b) => a - b)[delays.length >> 1] ?? Infinity;
  }

  it.each(['ended', 'behind'] as const)(
    'goes on at once when its subscription is %s: nothing is missed, late, repeated or a trouble',
    async (slowConsumers) => {
      // what the first events cost a process that has just started is not the subscription's
      await bursts(5);
      double.faults.slowConsumers = slowConsumers;
      expect(await bursts(30)).toBeLessThan(500);
      expect(troubles).toEqual([]);
    },
  );
});
