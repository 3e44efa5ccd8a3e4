import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

import { pollStream } from '#domain';
import { type EventLog, EventLogUnavailableError } from '#event-log';
import { Readiness } from '#platform';

import { settled } from '../testing/held-log.ts';
import { PollsUnderTest } from '../testing/polls.ts';
import { PollDirectory } from './poll-directory.ts';

let polls: PollsUnderTest;

beforeEach(() => {
  polls = new PollsUnderTest();
});
afterEach(() => polls.dispose());

/** Whether the directory is; the box of a poll is opened by others. */
const isReady = async (readiness = polls.readiness): Promise<boolean> => {
  const checks = readiness.checks().filter(([name]) => name !== 'ballot-box-open');
  return Promise.all(checks.map(([, check]) => check())).then(
    () => true,
    () => false,
  );
};

describe('the directory of polls', () => {
  it('is nothing before the first was opened', async () => {
    await polls.pollDirectory.onApplicationBootstrap();

    expect(polls.pollDirectory.lastOpened()).toBeUndefined();
  });

  it('is known when the start is over: requests come only then', async () => {
    await polls.open('1');
    expect(await isReady()).toBe(false);
    await polls.pollDirectory.onApplicationBootstrap();

    expect(polls.pollDirectory.lastOpened()).toMatchObject({ id: '1', status: 'open' });
    expect(await isReady()).toBe(true);
  });

  it('follows what is decided', async () => {
    await polls.pollDirectory.onApplicationBootstrap();
    await polls.open('1');
    await settled();
    expect(polls.pollDirectory.lastOpened()).toMatchObject({ id: '1', status: 'open' });
    await polls.close('1');
    await settled();
    expect(polls.pollDirectory.lastOpened()).toMatchObject({ id: '1', status: 'closed' });
  });

  it('is the one that was opened last, also when an earlier one is sealed after that', async () => {
    await polls.pollDirectory.onApplicationBootstrap();
    await polls.open('1');
    await polls.close('1');
    await polls.open('2');
    const seen: string[] = [];
    polls.pollDirectory.onChange(({ id, status }) => seen.push(`${id} ${status}`));
    await polls.repository.execute('1', { type: 'SealPoll', cut: 0n, at: '2026-11-23T22:00:00.000Z' });
    await settled();

    expect(polls.pollDirectory.lastOpened()?.id).toBe('2');
    expect(seen.at(-1)).toBe('1 sealed');
  });

  it('tells its listeners of every poll there is, and of every change', async () => {
    await polls.open('1');
    await polls.pollDirectory.onApplicationBootstrap();
    const seen: string[] = [];
    polls.pollDirectory.onChange(({ id, status }) => seen.push(`${id} ${status}`));
    await polls.close('1');
    await settled();

    expect(seen).toEqual(['1 open', '1 closed']);
  });

  it.each([
    [9, 'a poll event is of a later version: this service is older than the log'],
    [1, 'a poll event cannot be read'],
  ])(
    'stays as it was, with an error in the log, when an event of version %d cannot be read',
    async (version, message) => {
      await polls.pollDirectory.onApplicationBootstrap();
      await polls.open('1');
      const data = new TextEncoder().encode('{}');
      await polls.log.append(pollStream('1'), [{ id: randomUUID(), type: 'PollClosed', version, data }], 'any');
      await settled();

      expect(polls.pollDirectory.lastOpened()).toMatchObject({ id: '1', status: 'open' });
      expect(polls.lines).toMatchObject([{ level: 'error', message, fields: { poll: '1' } }]);
    },
  );

  it('is not ready while the log says that the subscription broke', async () => {
    const again = Promise.withResolvers<void>();
    const log = {
      async *subscribe(...given: Parameters<EventLog['subscribe']>) {
        yield { events: [], caughtUp: true };
        yield { events: [], caughtUp: false };
        await again.promise;
        yield* polls.log.subscribe(...given);
      },
    } as unknown as EventLog;
    const readiness = new Readiness();
    const directory = new PollDirectory(log, readiness, polls.logger);
    await directory.onApplicationBootstrap();
    await settled();
    expect(await isReady(readiness)).toBe(false);
    again.resolve();
    await settled();
    expect(await isReady(readiness)).toBe(true);
    await directory.onModuleDestroy();
  });

  it('takes in what a silent subscription did not tell, and takes nothing in twice', async () => {
    const held = Promise.withResolvers<void>();
    const log = {
      read: polls.log.read.bind(polls.log),
      async *subscribe(...given: Parameters<EventLog['subscribe']>) {
        for await (const page of polls.log.subscribe(...given)) {
          yield page;
          await held.promise;
        }
      },
    } as unknown as EventLog;
    await polls.open('1');
    const directory = new PollDirectory(log, new Readiness(), polls.logger);
    await directory.onApplicationBootstrap();
    const seen: string[] = [];
    directory.onChange(({ status }) => seen.push(status));
    await polls.close('1');
    await settled();
    expect(directory.lastOpened()).toMatchObject({ status: 'open' });
    await directory.confirm();
    expect(directory.lastOpened()).toMatchObject({ status: 'closed' });
    await polls.repository.execute('1', { type: 'SealPoll', cut: 0n, at: '2026-11-23T22:00:00.000Z' });
    await directory.confirm();
    held.resolve();
    await settled();

    expect(seen).toEqual(['open', 'closed', 'sealed']);
    await directory.onModuleDestroy();
  });

  it('is not ready while the subscription is broken, and takes up where it stopped', async () => {
    let breakIt: (() => void) | undefined;
    const starts: bigint[] = [];
    const log = {
      async *subscribe(...[after, prefixes, signal]: Parameters<EventLog['subscribe']>) {
        starts.push(after);
        const broken = new Promise<never>((_resolve, reject) => {
          breakIt = () => {
            reject(new EventLogUnavailableError('gone'));
          };
        });
        const pages = polls.log.subscribe(after, prefixes, signal)[Symbol.asyncIterator]();
        for (;;) {
          const { value, done } = await Promise.race([pages.next(), broken]);
          if (done === true) return;
          yield value;
        }
      },
    } as unknown as EventLog;
    const readiness = new Readiness();
    const directory = new PollDirectory(log, readiness, polls.logger);
    await polls.open('1');
    await directory.onApplicationBootstrap();
    expect(await isReady(readiness)).toBe(true);

    breakIt?.();
    await delay(20);
    expect(await isReady(readiness)).toBe(false);
    expect(directory.lastOpened()).toMatchObject({ status: 'open' });
    await polls.close('1');
    await delay(150);
    expect(await isReady(readiness)).toBe(true);
    expect(directory.lastOpened()).toMatchObject({ status: 'closed' });
    expect(starts).toEqual([0n, 1n]);
    await directory.onModuleDestroy();
  });
});
