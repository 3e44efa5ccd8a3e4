import { describe, expect, it } from '@jest/globals';

import { START } from '../event-log.ts';
import { Follower } from './follower.ts';
import {
  type Fixture,
  idsOf,
  newEvent,
  newEvents,
  pagesOf,
  readStream,
  uniquePrefix,
  uniqueStream,
} from './fixture.ts';

const unavailable = { code: 'log-unavailable' };

/** The end of a log: what was accepted is stored, what comes later is told. */
export function describeClosing(fixture: () => Fixture): void {
  describe('a log that was closed', () => {
    it('refuses every call', async () => {
      const { log } = fixture();
      await log.close();
      const calls = [
        log.append(uniqueStream(), [newEvent()], 'any'),
        log.head(),
        pagesOf(log.read(uniqueStream(), 0n)),
        pagesOf(log.readAll(START, [uniquePrefix()])),
        pagesOf(log.subscribe(START, [uniquePrefix()], new AbortController().signal)),
      ];
      for (const outcome of await Promise.allSettled(calls)) {
        expect(outcome).toMatchObject({ status: 'rejected', reason: unavailable });
      }
    });

    it('may be closed again', async () => {
      const { log } = fixture();
      await log.close();
      await expect(log.close()).resolves.toBeUndefined();
    });

    it('has stored what it took, and leaves other clients alone', async () => {
      const { log, reader } = fixture();
      const stream = uniqueStream();
      const events = newEvents(100);
      const appends = events.map((event) => log.append(stream, [event], 'any'));
      await log.close();
      const outcomes = await Promise.allSettled(appends);
      const taken = events.filter((_, index) => outcomes[index]!.status === 'fulfilled');
      expect(taken.length).toBeGreaterThan(0);
      expect(idsOf(await readStream(reader, stream))).toEqual(expect.arrayContaining(idsOf(taken)));
    });

    it('ends its subscriptions with an error: they were not asked to end', async () => {
      const { log } = fixture();
      const follower = new Follower(log, [uniquePrefix()]);
      await follower.catchesUp(0);
      await log.close();
      await expect(follower.ended).rejects.toMatchObject(unavailable);
    });

    it('ends them quietly where they were aborted before', async () => {
      const { log } = fixture();
      const follower = new Follower(log, [uniquePrefix()]);
      await follower.catchesUp(0);
      follower.abort();
      await log.close();
      await expect(follower.ended).resolves.toBeUndefined();
    });
  });

  describe('a log that was opened again', () => {
    it('has everything, and goes on behind it', async () => {
      const { log, reopen } = fixture();
      const stream = uniqueStream();
      const before = newEvents(5);
      const { position } = await log.append(stream, before, 'any');
      const reopened = await reopen();
      const after = newEvents(5);
      const result = await reopened.append(stream, after, 4n);
      expect(result.revision).toBe(9n);
      expect(result.position).toBeGreaterThan(position);
      expect(idsOf(await readStream(reopened, stream))).toEqual(idsOf([...before, ...after]));
    });
  });

  describe('a client that only reads', () => {
    it('refuses to append, if it is one', async () => {
      const { reader, capabilities } = fixture();
      const append = reader.append(uniqueStream(), [newEvent()], 'any');
      if (capabilities.readerIsReadOnly) await expect(append).rejects.toMatchObject(unavailable);
      else await expect(append).resolves.toMatchObject({ revision: 0n });
    });
  });
}
