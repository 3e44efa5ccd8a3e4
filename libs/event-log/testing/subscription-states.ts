import { expect, it, test } from '@jest/globals';

import { Follower } from './follower.ts';
import { type Fixture, appendMany, newEvent, newEvents, textsOf, uniquePrefix } from './fixture.ts';

/** What a subscription says of its place, and how it ends. */
export function describeSubscriptionStates(fixture: () => Fixture): void {
  describeCatchingUp(fixture);
  describeEnding(fixture);
}

function describeCatchingUp(fixture: () => Fixture): void {
  it('says at once that there is nothing to catch up with', async () => {
    const { log, reader } = fixture();
    const prefix = uniquePrefix();
    const follower = new Follower(reader, [prefix]);
    await follower.catchesUp(0);
    await follower.stop();
    const { position } = await log.append(`${prefix}a`, newEvents(3), 'any');
    const later = new Follower(reader, [prefix], { after: position });
    await later.catchesUp(0);
    await later.stop();
    expect([...follower.events, ...later.events]).toEqual([]);
  });

  // sizes at which pages end: where a page is full, the one behind it may be empty and still has something to say
  test.each([1, 499, 500, 501, 999, 1000, 1001, 1500, 2000, 3000])(
    'says so after a past of %d events',
    async (count) => {
      const { log, reader } = fixture();
      const prefix = uniquePrefix();
      await appendMany(log, `${prefix}a`, count);
      const follower = new Follower(reader, [prefix]);
      await follower.catchesUp(count);
      await follower.stop();
      expect(follower.events).toHaveLength(count);
    },
  );

  it('says so again after every burst, whatever its size', async () => {
    const { log, reader } = fixture();
    const prefix = uniquePrefix();
    const follower = new Follower(reader, [prefix]);
    await follower.catchesUp(0);
    let total = 0;
    for (const size of [1, 500, 1000, 1001, 2000]) {
      await log.append(`${prefix}a`, newEvents(size), 'any');
      await follower.catchesUp((total += size));
    }
    await follower.stop();
    expect(follower.events).toHaveLength(total);
  });

  it('does not say so while more is there', async () => {
    const { log, reader } = fixture();
    const prefix = uniquePrefix();
    await appendMany(log, `${prefix}a`, 5000);
    const saidAt: number[] = [];
    const follower: Follower = new Follower(reader, [prefix], {
      handle: ({ caughtUp }) => {
        if (caughtUp) saidAt.push(follower.events.length);
      },
    });
    await follower.catchesUp(5000);
    await follower.stop();
    expect(saidAt[0]).toBe(5000);
  });
}

function describeEnding(fixture: () => Fixture): void {
  it('ends when it is aborted while it waits, without an error', async () => {
    const { reader } = fixture();
    const follower = new Follower(reader, [uniquePrefix()]);
    await follower.catchesUp(0);
    const before = performance.now();
    await follower.stop();
    expect(performance.now() - before).toBeLessThan(1000);
  });

  it('ends when it is aborted in the middle of the past', async () => {
    const { log, reader } = fixture();
    const prefix = uniquePrefix();
    await appendMany(log, `${prefix}a`, 5000);
    const follower: Follower = new Follower(reader, [prefix], { handle: () => follower.abort() });
    await follower.ended;
    expect(follower.events.length).toBeGreaterThan(0);
    expect(follower.events.length).toBeLessThan(5000);
  });

  it('ends before it begins when it is aborted already', async () => {
    const { log, reader } = fixture();
    const prefix = uniquePrefix();
    await log.append(`${prefix}a`, [newEvent()], 'any');
    const pages: unknown[] = [];
    for await (const page of reader.subscribe(0n, [prefix], AbortSignal.abort())) pages.push(page);
    expect(pages).toEqual([]);
  });

  it('ends when its consumer leaves, and the others go on', async () => {
    const { log, reader } = fixture();
    const prefix = uniquePrefix();
    const other = new Follower(reader, [prefix]);
    await log.append(`${prefix}a`, [newEvent('first')], 'any');
    for await (const { events } of reader.subscribe(0n, [prefix], new AbortController().signal)) {
      if (events.length > 0) break;
    }
    await log.append(`${prefix}a`, [newEvent('second')], 'any');
    expect(textsOf(await other.catchesUp(2))).toEqual(['first', 'second']);
    await other.stop();
  });

  it('gives the error of its consumer to the consumer', async () => {
    const { log, reader } = fixture();
    const prefix = uniquePrefix();
    await log.append(`${prefix}a`, [newEvent()], 'any');
    const follower = new Follower(reader, [prefix], { handle: () => Promise.reject(new Error('cannot fold')) });
    await expect(follower.ended).rejects.toThrow('cannot fold');
  });
}
