import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { DoubleProcess } from '../../../test/eventstoredb-double/double-process.ts';
import {
  Subscriber,
  all,
  appendUntilKnown,
  events,
  idsOf,
  newPrefix,
  runTypeScript,
  until,
} from '../../../test/eventstoredb-double/fixtures.ts';
import { describeOnDouble } from '../../../test/eventstoredb-double/server-under-test.ts';
import { EventLogUnavailableError, type ExpectedRevision, START } from '../event-log.ts';
import { EventStoreDbEventLog } from './eventstoredb-event-log.ts';

/** Processes start slowly where the cores are busy. */
const TIMEOUT_MS = 60_000;

describeOnDouble('a server in a process of its own', 'a server that is killed and suspended', () => {
  let folder: string;
  let double: DoubleProcess;
  let log: EventStoreDbEventLog;
  let prefix: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'eventstoredb-double-'));
    double = new DoubleProcess(runTypeScript('test/eventstoredb-double/main.ts'), join(folder, 'data'));
    await double.start();
    log = EventStoreDbEventLog.connect(double.connectionString, { limits: { appendMs: 1000, longestPauseMs: 200 } });
    prefix = newPrefix();
  }, TIMEOUT_MS);

  afterEach(async () => {
    double.resume();
    await log.close();
    await double.kill();
    rmSync(folder, { recursive: true });
  }, TIMEOUT_MS);

  /** Appends until told to stop, and keeps what was acknowledged. */
  function write(stream: string, expectedAfter: (sent: number) => ExpectedRevision) {
    const sent: string[] = [];
    const stopped = new AbortController();
    const done = (async () => {
      while (!stopped.signal.aborted) {
        const batch = events(5);
        await appendUntilKnown(log, stream, batch, expectedAfter(sent.length));
        sent.push(...idsOf(batch));
      }
    })();
    const stop = async (): Promise<string[]> => {
      stopped.abort();
      await done;
      return sent;
    };
    return { stream, stop };
  }

  it(
    'killed with -9 under 8 appends in flight loses nothing, and doubles nothing but under `any`',
    async () => {
      const subscriber = new Subscriber(log, START, prefix);
      const explicit = Array.from({ length: 7 }, (_, index) =>
        write(`${prefix}${String(index)}`, (sent) => (sent === 0 ? 'no-stream' : BigInt(sent - 1))),
      );
      const any = write(`${prefix}any`, () => 'any');
      for (let round = 0; round < 3; round++) {
        await delay(300);
        await double.kill();
        await double.start();
      }
      for (const { stream, stop } of explicit) {
        const acknowledged = await stop();
        expect(idsOf(await all(log.read(stream, 0n)))).toEqual(acknowledged);
      }
      const acknowledged = new Set(await any.stop());
      expect(acknowledged.difference(new Set(idsOf(await all(log.read(any.stream, 0n))))).size).toBe(0);
      const everything = idsOf(await all(log.readAll(START, [prefix])));
      await until(() => subscriber.events.length >= everything.length);
      await subscriber.stop();
      expect(idsOf(subscriber.events)).toEqual(everything);
    },
    TIMEOUT_MS,
  );

  it(
    'suspended takes an append as unknown within the limit, and goes on where it was when it is resumed',
    async () => {
      const subscriber = new Subscriber(log, START, prefix);
      const [first, second] = [events(2), events(2)];
      await appendUntilKnown(log, `${prefix}1`, first, 'no-stream');
      double.suspend();
      const started = performance.now();
      await expect(log.append(`${prefix}1`, second, 1n)).rejects.toThrow(EventLogUnavailableError);
      expect(performance.now() - started).toBeLessThan(2500);
      double.resume();
      expect((await appendUntilKnown(log, `${prefix}1`, second, 1n)).revision).toBe(3n);
      await until(() => subscriber.events.length >= 4);
      await subscriber.stop();
      expect(idsOf(subscriber.events)).toEqual(idsOf([...first, ...second]));
    },
    TIMEOUT_MS,
  );

  it(
    'is ruled through its control port',
    async () => {
      const batch = events(2);
      await double.control('drop-replies', { count: 1 });
      await expect(log.append(`${prefix}1`, batch, 'any')).rejects.toThrow(EventLogUnavailableError);
      await double.control('not-ready');
      await expect(log.append(`${prefix}1`, batch, 'any')).rejects.toThrow(/Server Is Not Ready/);
      await double.control('ready');
      await double.control('restart');
      await appendUntilKnown(log, `${prefix}1`, batch, 'any');
      expect(idsOf(await all(log.read(`${prefix}1`, 0n)))).toEqual(idsOf([...batch, ...batch]));
    },
    TIMEOUT_MS,
  );
});

describeOnDouble(
  'errors that the client drops when its server dies with full buffers',
  'a server that is killed',
  () => {
    /** Exit code and standard error of a process that loses its server so. */
    const lose = (...args: string[]): Promise<{ code: number; errors: string; answer: string }> =>
      new Promise((resolve) => {
        const [program, ...rest] = runTypeScript('test/eventstoredb-double/stray-rejections.child.ts');
        execFile(program, [...rest, ...args], (error, answer, errors) =>
          resolve({ code: Number(error?.code ?? 0), answer, errors }),
        );
      });

    it(
      'do not end the process',
      async () => {
        const { code, answer } = await lose('--contain');
        expect(code).toBe(0);
        expect((JSON.parse(answer) as { contained: number }).contained).toBeGreaterThan(0);
      },
      TIMEOUT_MS,
    );

    it(
      'are the only ones that are kept from it',
      async () => {
        const { code, errors } = await lose('--contain', '--other');
        expect(code).toBe(1);
        expect(errors).toMatch(/of somebody else/);
      },
      TIMEOUT_MS,
    );
  },
);
