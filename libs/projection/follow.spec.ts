import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';

import { EventLogUnavailableError, type SubscriptionPage } from '#event-log';
import { TallyConflictError } from '#read-model';

import { type Followed, follow } from './follow.ts';
import { Projection } from './projection.ts';
import { FlakyReadModel } from './testing/flaky-read-model.ts';
import { ProjectionWorld } from './testing/projection-world.ts';

const LIMIT_MS = 20_000;
/** How long the specs let a subscription be silent, ms. */
const PATIENCE_MS = 600;

let world: ProjectionWorld;
let readModel: FlakyReadModel;
let projection: Projection;
let stopped: AbortController;
let following: Promise<void>;

beforeEach(async () => {
  world = new ProjectionWorld();
  readModel = new FlakyReadModel(world.readModel);
  stopped = new AbortController();
  await world.openPoll('1');
  projection = await Projection.restore(readModel.tallies('6-0'), world.log);
});
afterEach(async () => {
  stopped.abort();
  await following.catch(() => undefined);
  await world.dispose();
});

function start(options: Followed = {}): Promise<void> {
  following = follow(world.log, projection, stopped.signal, options);
  following.catch(() => undefined);
  return following;
}

async function until(holds: () => boolean): Promise<void> {
  for (const limit = performance.now() + LIMIT_MS; !holds();) {
    if (performance.now() > limit) throw new Error('it did not happen');
    await delay(10);
  }
}

/** From now on subscriptions hand on what this makes of each page. */
function brings(change: (page: SubscriptionPage, ended: AbortSignal) => Promise<SubscriptionPage>): {
  readonly opened: number;
} {
  const subscribe = world.log.subscribe.bind(world.log);
  const count = { opened: 0 };
  world.log.subscribe = async function* (...given) {
    count.opened++;
    const [, , ended] = given;
    for await (const page of subscribe(...given)) {
      const brought = await change(page, ended);
      if (ended.aborted) return;
      yield brought;
    }
  };
  return count;
}

describe('following the log', () => {
  it('tries again to store what is folded while the read model is away, and reads nothing anew', async () => {
    let saves = 0;
    let folded = 0;
    const failures: string[] = [];
    readModel.isDown = (call) => call === 'save' && ++saves <= 3;
    void start({
      fold: async ({ events, caughtUp }) => {
        folded += events.length;
        await projection.fold(events, caughtUp);
      },
      onSaveFailed: ({ message }) => failures.push(message),
    });
    await until(() => readModel.written.includes('tally 1 at 1'));

    expect(failures).toEqual(Array(3).fill('save failed'));
    expect(folded).toBe(1);
  });

  it('folds on while the read model is away, so that the first save that succeeds holds everything', async () => {
    const skipped: unknown[] = [];
    projection.onSkipped = (events) => skipped.push(events);
    readModel.isDown = (call) => call === 'save';
    void start();
    for (let round = 1; round <= 12; round++) {
      await world.cast('1', 100);
      await delay(100);
    }
    await until(() => projection.position === 1201n);
    expect(readModel.written.filter((what) => what.startsWith('tally'))).toEqual([]);
    readModel.isDown = () => false;
    await until(() => readModel.written.includes('checkpoint 1201'));

    expect(readModel.written.filter((what) => what.startsWith('tally'))).toEqual(['tally 1 at 1201']);
    expect(skipped).toEqual([]);
  });

  it('takes a subscription that is three seconds late for late: nothing is lost, and no alarm is raised', async () => {
    const skipped: unknown[] = [];
    projection.onSkipped = (events) => skipped.push(events);
    let lateMs = 0;
    brings((page, ended) => delay(lateMs, page, { signal: ended }).catch(() => page));
    void start({ patienceMs: PATIENCE_MS });
    await until(() => projection.isCaughtUp);
    lateMs = 3000;
    await world.cast('1', 5);
    await world.draftPoll('2');
    await until(() => projection.position === 8n);
    await until(() => readModel.written.includes('checkpoint 8'));

    expect(skipped).toEqual([]);
    expect((await world.tallies.load('1'))?.digest).toBe((await world.expected('1')).digest);
    expect((await world.tallies.load('2'))?.digest).toBe((await world.expected('2')).digest);
  }, 30_000);

  it('opens a subscription that is dead again, without an alarm, and is not caught up meanwhile', async () => {
    const skipped: unknown[] = [];
    projection.onSkipped = (events) => skipped.push(events);
    const caughtUp: boolean[] = [];
    let isDead = false;
    const count = brings(async (page, ended) => {
      if (isDead && count.opened === 1) await new Promise((resolve) => ended.addEventListener('abort', resolve));
      return page;
    });
    void start({
      patienceMs: PATIENCE_MS,
      fold: async (page) => {
        caughtUp.push(page.caughtUp);
        await projection.fold(page.events, page.caughtUp);
      },
    });
    await until(() => projection.isCaughtUp);
    isDead = true;
    await world.cast('1', 5);
    await until(() => projection.position === 6n);

    expect(skipped).toEqual([]);
    expect(caughtUp).toEqual([true, false, true]);
  });

  it('raises an alarm for what a subscription left out: it came to the end without it, though it was opened after it', async () => {
    const skipped: { readonly stream: string; readonly from: bigint }[] = [];
    projection.onSkipped = (events) => skipped.push(events);
    brings(async ({ events, caughtUp }) => ({ events: events.filter(({ revision }) => revision < 3n), caughtUp }));
    void start({ patienceMs: PATIENCE_MS });
    await world.cast('1', 5);
    await until(() => projection.position === 6n);
    await until(() => readModel.written.includes('tally 1 at 6'));

    expect(skipped.map(({ stream, from }) => `${stream} ${String(from)}`)).toEqual(['votes-1 3', 'votes-1 4']);
    expect((await world.tallies.load('1'))?.digest).toBe((await world.expected('1')).digest);
  });

  it('raises an alarm at once for what a subscription passed by: it brought something later of another stream', async () => {
    const skipped: unknown[] = [];
    projection.onSkipped = (events) => skipped.push(events);
    await world.openPoll('2');
    const count = brings(async ({ events, caughtUp }) => ({
      events: events.filter(({ stream, revision }) => stream !== 'votes-1' || revision < 3n),
      caughtUp,
    }));
    void start();
    await until(() => projection.isCaughtUp);
    await world.cast('1', 5);
    await world.cast('2', 1);
    await until(() => skipped.length === 2);

    expect(count.opened).toBe(1);
    expect((await world.expected('1')).snapshot.revision).toBe(projection.snapshotOf('1')?.revision);
  });

  it('ends at once when two folds disagree: that does not heal', async () => {
    const { snapshot } = await world.expected('1');
    await world.tallies.save({ position: 1n, digest: 'another', snapshot });
    readModel.isBlind = true;
    await expect(start()).rejects.toThrow(TallyConflictError);
  });

  it('ends when the log was restored meanwhile, and ends before what was folded of it', async () => {
    await world.cast('1', 5);
    const running = start();
    await until(() => projection.position === 6n && projection.isCaughtUp);
    const head = jest.spyOn(world.log, 'head').mockResolvedValue({ position: 4n, recordedAt: 0 });

    await expect(running).rejects.toMatchObject({
      code: 'foreign-read-model',
      message: expect.stringMatching(/at 4\b/),
    });
    head.mockRestore();
  });

  it('goes on when the log is read from a node that is behind for a moment', async () => {
    await world.cast('1', 5);
    void start();
    await until(() => projection.position === 6n && projection.isCaughtUp);
    const head = jest.spyOn(world.log, 'head').mockResolvedValue({ position: 4n, recordedAt: 0 });
    await delay(1500);
    head.mockRestore();
    await world.cast('1', 5);
    await until(() => projection.position === 11n);
  });

  it('ends when the log has grown again since, with something else in the place of what was folded', async () => {
    await world.cast('1', 5);
    const running = start();
    await until(() => projection.position === 6n && projection.isCaughtUp);
    const another = new ProjectionWorld();
    await another.openPoll('1');
    await another.cast('1', 50);
    const read = jest.spyOn(world.log, 'read').mockImplementation((stream, from) => another.log.read(stream, from));

    await expect(running).rejects.toMatchObject({
      code: 'foreign-read-model',
      message: expect.stringMatching(/^revision 4 of votes-1 is not what was folded/),
    });
    read.mockRestore();
    await another.dispose();
  });

  it('goes on while the log is away, and beats', async () => {
    let beats = 0;
    void start({
      onBeat: () => {
        beats++;
      },
    });
    await until(() => projection.isCaughtUp);
    const head = jest.spyOn(world.log, 'head').mockRejectedValue(new EventLogUnavailableError('away'));
    await until(() => head.mock.calls.length > 1 && beats > 0);
    head.mockRestore();
    await world.cast('1', 5);

    await until(() => projection.position === 6n);
  });

  it('has no heartbeat on its way when it is over', async () => {
    const beat = Promise.withResolvers<void>();
    let beats = 0;
    const running = start({
      onBeat: () => {
        beats++;
        return beat.promise;
      },
    });
    await until(() => beats > 0);
    const { length } = readModel.written;
    let over = false;
    void running.then(() => (over = true));
    stopped.abort();
    await delay(50);
    expect(over).toBe(false);
    beat.resolve();
    await running;
    expect(readModel.written).toHaveLength(length + 1);
    await delay(1100);
    expect([beats, readModel.written.length]).toEqual([1, length + 1]);
  });
});
