import { afterEach, beforeEach, expect, it } from '@jest/globals';

import { EventStoreDbDouble } from '../../../test/eventstoredb-double/double.ts';
import { all, appendUntilKnown, events, idsOf, newPrefix } from '../../../test/eventstoredb-double/fixtures.ts';
import { describeOnDouble } from '../../../test/eventstoredb-double/server-under-test.ts';
import { EventLogUnavailableError } from '../event-log.ts';
import { EventStoreDbEventLog } from './eventstoredb-event-log.ts';

const limits = { appendMs: 1000, readMs: 2000, firstPauseMs: 20, longestPauseMs: 100 };

let double: EventStoreDbDouble;
let log: EventStoreDbEventLog;
let stream: string;

beforeEach(async () => {
  double = await EventStoreDbDouble.start();
  log = EventStoreDbEventLog.connect(double.connectionString, { limits });
  stream = `${newPrefix()}1`;
});

afterEach(async () => {
  double.faults.thaw();
  await log.close();
  double.stop();
});

const stored = (): string[] => idsOf(double.store.stream(stream) ?? []);

describeOnDouble('an append whose outcome is unknown', 'lost answers, a frozen server', () => {
  it('fails within its own time limit when the server freezes', async () => {
    await log.append(stream, events(1), 'no-stream');
    double.faults.freeze();
    const started = performance.now();
    await expect(log.append(stream, events(1), 'any')).rejects.toThrow(EventLogUnavailableError);
    expect(performance.now() - started).toBeLessThan(limits.appendMs + 700);
  });

  it('is answered with the first result when it is sent again with an explicit revision, also after a restart', async () => {
    const [first, second] = [events(3), events(2)];
    double.faults.dropReplies(1);
    await expect(log.append(stream, first, 'no-stream')).rejects.toThrow(EventLogUnavailableError);
    const { revision, position } = await log.append(stream, first, 'no-stream');
    expect({ revision, position }).toEqual({ revision: 2n, position: (await all(log.read(stream, 2n)))[0]!.position });

    double.faults.dropReplies(1);
    await expect(log.append(stream, second, 2n)).rejects.toThrow(EventLogUnavailableError);
    await double.restart();
    expect((await appendUntilKnown(log, stream, second, 2n)).revision).toBe(4n);
    expect((await appendUntilKnown(log, stream, first, 'no-stream')).revision).toBe(2n);
    expect(stored()).toEqual(idsOf([...first, ...second]));
  });

  it('is stored once under `any` while the server remembers its ids, and twice after a restart', async () => {
    const batch = events(3);
    double.faults.dropReplies(1);
    await expect(log.append(stream, batch, 'any')).rejects.toThrow(EventLogUnavailableError);
    expect((await log.append(stream, batch, 'any')).revision).toBe(2n);
    expect(stored()).toEqual(idsOf(batch));
    await double.restart();
    expect((await appendUntilKnown(log, stream, batch, 'any')).revision).toBe(5n);
    expect(stored()).toEqual(idsOf([...batch, ...batch]));
  });

  it.each(['refused', 'without-position'] as const)(
    'is answered with the first result by a server that leaves it %s',
    async (how) => {
      const [before, batch] = [events(2), events(3)];
      await log.append(stream, before, 'no-stream');
      const first = await log.append(stream, batch, 1n);
      double.faults.repeats = how;
      expect(await log.append(stream, batch, 1n)).toEqual(first);
      expect(stored()).toEqual(idsOf([...before, ...batch]));
    },
  );

  it('leaves nothing behind that a later append or the thawing server could trip over', async () => {
    double.faults.freeze();
    const batches = Array.from({ length: 8 }, () => events(2));
    const outcomes = await Promise.allSettled(batches.map((batch) => log.append(stream, batch, 'any')));
    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
    double.faults.thaw();
    await Promise.all(batches.map((batch) => appendUntilKnown(log, stream, batch, 'any')));
    expect(stored().toSorted()).toEqual(idsOf(batches.flat()).toSorted());
  });
});

describeOnDouble('a batch that is sent again before the first one is answered', 'a slow commit', () => {
  it('is left without an answer by the server, whose error says nothing: ours does; the next try finds it stored', async () => {
    await log.close();
    log = EventStoreDbEventLog.connect(double.connectionString, { limits: { ...limits, appendMs: 4000 } });
    double.faults.delayMs = 500;
    const batch = events(3);
    const outcomes = await Promise.allSettled([1, 2].map(() => log.append(stream, batch, 'no-stream')));
    const [answered, left] = outcomes.toSorted((one, other) => (one.status < other.status ? -1 : 1));
    expect(answered).toMatchObject({ status: 'fulfilled', value: { revision: 2n } });
    expect(left).toMatchObject({
      status: 'rejected',
      reason: { code: 'log-unavailable', message: expect.stringMatching(/the server gave it up/) },
    });
    expect((await log.append(stream, batch, 'no-stream')).revision).toBe(2n);
    expect(stored()).toEqual(idsOf(batch));
  });
});

describeOnDouble('a server that takes smaller appends than others', 'a limit that changes', () => {
  it('is named with its limit, and stores nothing of what is larger', async () => {
    double.faults.maxAppendSize = 1000;
    await expect(log.append(stream, events(40), 'any')).rejects.toMatchObject({
      code: 'append-too-large',
      message: 'more than the 1000 bytes that the log takes in one append',
    });
    expect(stored()).toEqual([]);
    expect((await log.append(stream, events(4), 'any')).revision).toBe(3n);
  });
});

describeOnDouble('a stream that somebody deleted', 'a store that is written to past the log', () => {
  it('takes no event, and says why', async () => {
    await log.append(stream, events(2), 'any');
    double.store.tombstone(stream);
    const deleted = { code: 'log-unavailable', message: expect.stringMatching(/deleted/) };
    await expect(log.append(stream, events(1), 'any')).rejects.toMatchObject(deleted);
    await expect(all(log.read(stream, 0n))).rejects.toMatchObject(deleted);
    // what the server put there is none of ours
    expect(await all(log.readAll(0n, [stream]))).toHaveLength(2);
  });

  it('by halves begins with a later revision', async () => {
    await log.append(stream, events(5), 'any');
    double.store.limit(stream, 2);
    expect((await all(log.read(stream, 0n))).map(({ revision }) => revision)).toEqual([3n, 4n]);
    expect(await all(log.readAll(0n, [stream]))).toHaveLength(5);
  });
});

describeOnDouble('a server that is away', 'a server that ends', () => {
  it('is reported as unavailable, and found again when it is back', async () => {
    await log.append(stream, events(1), 'any');
    double.kill();
    await expect(log.append(stream, events(1), 'any')).rejects.toThrow(EventLogUnavailableError);
    await expect(log.append(stream, events(1), 'any')).rejects.toThrow(EventLogUnavailableError);
    await expect(log.head()).rejects.toThrow(EventLogUnavailableError);
    await expect(all(log.read(stream, 0n))).rejects.toThrow(EventLogUnavailableError);
    await expect(all(log.readAll(0n, [stream]))).rejects.toThrow(EventLogUnavailableError);
    await double.restart();
    await appendUntilKnown(log, stream, events(1), 'any');
    expect(await all(log.read(stream, 0n))).toHaveLength(2);
  });

  it('is reported as unavailable while it starts', async () => {
    double.faults.notReady = true;
    await expect(log.append(stream, events(1), 'any')).rejects.toThrow(/Server Is Not Ready/);
    await expect(log.append(stream, events(1), 'any')).rejects.toThrow(EventLogUnavailableError);
    await expect(log.head()).rejects.toThrow(EventLogUnavailableError);
    double.faults.notReady = false;
    expect((await log.append(stream, events(1), 'any')).revision).toBe(0n);
  });

  it('is found by discovery although an earlier discovery failed', async () => {
    await log.close();
    const troubles: string[] = [];
    const discover = `esdb+discover://127.0.0.1:${String(double.port)}?tls=false&maxDiscoverAttempts=1&discoveryInterval=10`;
    double.kill();
    log = EventStoreDbEventLog.connect(discover, { limits, onTrouble: (what) => troubles.push(what) });
    await expect(log.append(stream, events(1), 'any')).rejects.toThrow(EventLogUnavailableError);
    await double.restart();
    await appendUntilKnown(log, stream, events(1), 'any');
    expect(await all(log.read(stream, 0n))).toHaveLength(1);
    expect(troubles).toContain('the appending client was replaced');
  });

  it('loses nothing and doubles nothing when it is killed again and again under appends with explicit revisions', async () => {
    let running = true;
    const acknowledged = new Map<string, string[]>();
    const writer = async (name: string): Promise<void> => {
      const sent: string[] = [];
      acknowledged.set(name, sent);
      while (running) {
        const batch = events(5);
        await appendUntilKnown(log, name, batch, sent.length === 0 ? 'no-stream' : BigInt(sent.length - 1));
        sent.push(...idsOf(batch));
      }
    };
    const writers = Array.from({ length: log.parallelAppends }, (_, index) => writer(`${stream}-${String(index)}`));
    for (let round = 0; round < 4; round++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      await double.restart();
    }
    running = false;
    await Promise.all(writers);
    for (const [name, sent] of acknowledged) {
      expect(sent.length).toBeGreaterThan(0);
      expect(idsOf(double.store.stream(name) ?? [])).toEqual(sent);
    }
  });
});

describeOnDouble('a log that is closed', 'a slow answer', () => {
  it('closes after the appends in flight, and is closed then', async () => {
    double.faults.delayMs = 50;
    const inFlight = log.append(stream, events(1), 'any');
    await log.close();
    expect((await inFlight).revision).toBe(0n);
    await expect(log.append(stream, events(1), 'any')).rejects.toThrow(EventLogUnavailableError);
    await expect(log.head()).rejects.toThrow(EventLogUnavailableError);
    await expect(all(log.read(stream, 0n))).rejects.toThrow(EventLogUnavailableError);
  });
});
