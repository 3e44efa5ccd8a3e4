import { expect, it } from '@jest/globals';

import { Follower } from './follower.ts';
import { type Fixture, appendMany, idsOf, newEvent, newEvents, readAllOf, uniquePrefix } from './fixture.ts';

/** What a subscription delivers: the past, then the present, as fast as its consumer takes it. */
export function describeFollowing(fixture: () => Fixture): void {
  it('gives what there is, and then what comes', async () => {
    const { log, reader } = fixture();
    const prefix = uniquePrefix();
    const past = await appendMany(log, `${prefix}a`, 2500, 'past');
    const follower = new Follower(reader, [prefix]);
    await follower.catchesUp(past.length);
    const present = await appendMany(log, `${prefix}b`, 1500, 'present');
    await follower.catchesUp(past.length + present.length);
    await follower.stop();
    expect(idsOf(follower.events)).toEqual(idsOf([...past, ...present]));
  });

  it('misses nothing and repeats nothing where the past meets the present', async () => {
    const { log, reader } = fixture();
    const prefix = uniquePrefix();
    const past = await appendMany(log, `${prefix}a`, 3000);
    const follower = new Follower(reader, [prefix]);
    const meanwhile = newEvents(300);
    for (const event of meanwhile) await log.append(`${prefix}a`, [event], 'any');
    await follower.catchesUp(past.length + meanwhile.length);
    await follower.stop();
    expect(idsOf(follower.events)).toEqual(idsOf([...past, ...meanwhile]));
  });

  it('gives only streams with one of the prefixes, past and present', async () => {
    const { log, reader } = fixture();
    const [wanted, also, foreign] = [uniquePrefix(), uniquePrefix(), uniquePrefix()];
    const follower = new Follower(reader, [wanted, also]);
    for (const round of ['past', 'present']) {
      for (const prefix of [foreign, wanted, foreign, also, foreign])
        await log.append(`${prefix}a`, [newEvent(round)], 'any');
      await follower.catchesUp(round === 'past' ? 2 : 4);
    }
    await follower.stop();
    expect(follower.events.map(({ stream }) => stream)).toEqual([`${wanted}a`, `${also}a`, `${wanted}a`, `${also}a`]);
  });

  it('goes on exactly behind a position', async () => {
    const { log, reader } = fixture();
    const prefix = uniquePrefix();
    for (let round = 0; round < 5; round++) await log.append(`${prefix}${round % 2}`, newEvents(3, `${round}-`), 'any');
    const events = await readAllOf(log, prefix);
    const last = newEvent('last');
    const followers = events.map(({ position }) => new Follower(reader, [prefix], { after: position }));
    await log.append(`${prefix}0`, [last], 'any');
    for (const [index, follower] of followers.entries()) {
      const behind = events.filter(({ position }) => position > events[index]!.position);
      await follower.catchesUp(behind.length + 1);
      await follower.stop();
      expect(idsOf(follower.events)).toEqual(idsOf([...behind, last]));
    }
  });

  it('can be left at any page and taken up behind it', async () => {
    const { log, reader } = fixture();
    const prefix = uniquePrefix();
    const events = await appendMany(log, `${prefix}a`, 3000);
    const seen: string[] = [];
    for (let after = 0n; seen.length < events.length;) {
      const follower: Follower = new Follower(reader, [prefix], { after, handle: () => follower.abort() });
      await follower.ended;
      seen.push(...idsOf(follower.events));
      after = follower.events.at(-1)?.position ?? after;
    }
    expect(seen).toEqual(idsOf(events));
  });

  it('is one of many: each gets everything, at its own pace', async () => {
    const { log, reader } = fixture();
    const prefix = uniquePrefix();
    const delays = [0, 0, 1, 20];
    const followers = delays.map(
      (ms) => new Follower(reader, [prefix], { handle: () => new Promise((resolve) => setTimeout(resolve, ms)) }),
    );
    const events = newEvents(60);
    for (const event of events) await log.append(`${prefix}a`, [event], 'any');
    for (const follower of followers) {
      await follower.catchesUp(events.length);
      await follower.stop();
      expect(idsOf(follower.events)).toEqual(idsOf(events));
    }
  });

  it('waits for a slow consumer, and the log goes on meanwhile', async () => {
    const { log, reader } = fixture();
    const prefix = uniquePrefix();
    const held = Promise.withResolvers<void>();
    let [handling, overlapped] = [0, false];
    const follower = new Follower(reader, [prefix], {
      handle: async ({ events }) => {
        overlapped ||= ++handling > 1;
        if (events.length > 0) await held.promise;
        handling--;
      },
    });
    const first = await appendMany(log, `${prefix}a`, 1, 'first');
    await follower.has(1);
    const rest = await appendMany(log, `${prefix}a`, 12_000);
    const gotWhileHeld = follower.events.length;
    held.resolve();
    expect(gotWhileHeld).toBe(1);
    await follower.catchesUp(12_001);
    await follower.stop();
    expect(overlapped).toBe(false);
    expect(idsOf(follower.events)).toEqual(idsOf([...first, ...rest]));
  });
}
