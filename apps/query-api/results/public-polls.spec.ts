import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createSecretKey } from 'node:crypto';
import { Gauge, Registry } from 'prom-client';

import { RehearsalKeys } from '#contract/views';
import { Readiness } from '#platform';
import { Projection } from '#projection';

import { recordingLogger } from '../../../libs/platform/testing/recording-logger.ts';
import { ProjectionWorld } from '../../../libs/projection/testing/projection-world.ts';
import { Tallies } from '../tallies.ts';
import { PublicPolls } from './public-polls.ts';

const keysWith = (byte: number): RehearsalKeys => new RehearsalKeys(createSecretKey(Buffer.alloc(32, byte)));
const AT = '2026-11-23T22:00:00.000Z';
const SOONER = '2999-11-23T21:05:00.000Z';
const OPENS = '2999-11-23T22:05:00.000Z';

const keys = keysWith(1);
let world: ProjectionWorld;
let tallies: Tallies;
let polls: PublicPolls;

const outcome = (ask: () => { readonly snapshot: { readonly pollId: string } }): string => {
  try {
    return ask().snapshot.pollId;
  } catch (error) {
    return (error as { code: string }).code;
  }
};
const got = (id?: string, key?: string): string => outcome(() => polls.get(id, key));
const shown = (id?: string, key?: string): string => outcome(() => polls.shown(id, key));

/** What the query API has in memory after what happened so far. */
async function read(): Promise<void> {
  const projection = await Projection.restore(world.tallies, world.log);
  await projection.fold(await world.events(), true);
  await projection.save();
  tallies = new Tallies(
    world.readModel,
    new Readiness(),
    recordingLogger().logger,
    new Gauge({ name: 'waiters', help: '-', registers: [new Registry()] }),
  );
  await tallies.onApplicationBootstrap();
  polls = new PublicPolls(tallies, keys);
}

beforeEach(() => {
  world = new ProjectionWorld();
});
afterEach(async () => {
  tallies.onModuleDestroy();
  await world.dispose();
});

describe('the public', () => {
  it('means the real poll, however late a rehearsal was opened', async () => {
    await world.openPoll('1');
    await world.openRehearsal('2');
    await read();

    expect([got(), shown()]).toEqual(['1', '1']);
  });

  it('finds no rehearsal where there is no real poll', async () => {
    await world.openRehearsal('1');
    await read();

    expect([got(), shown()]).toEqual(['poll-not-found', 'poll-not-found']);
  });

  it('finds a rehearsal with its key only, and is told nothing else', async () => {
    await world.openPoll('1');
    await world.openRehearsal('2');
    await read();

    for (const ask of [got, shown]) {
      expect(ask('2', keys.of('2'))).toBe('2');
      const guesses = [undefined, '', keys.of('1'), keysWith(2).of('2'), keys.of('2').slice(0, -1), `${keys.of('2')}A`];
      for (const guess of guesses) expect([guess, ask('2', guess)]).toEqual([guess, 'poll-not-found']);
      expect(ask('3')).toBe('poll-not-found');
    }
  });

  it('sees a real poll with any key', async () => {
    await world.openPoll('1');
    await read();

    expect([got('1'), shown('1'), got('1', 'whatever')]).toEqual(['1', '1', '1']);
  });

  it('is not told that a rehearsal comes next, and sees it by its link when it is scheduled', async () => {
    await world.draftPoll('1', SOONER, AT, { rehearsal: true });
    await world.draftPoll('2', null, AT, { rehearsal: true });
    await world.draftPoll('3', OPENS);
    await world.openPoll('4');
    await world.cut('4');
    await read();

    expect(shown()).toBe('3');
    expect([shown('1', keys.of('1')), shown('1'), shown('2', keys.of('2')), shown('3')]).toEqual([
      '1',
      'poll-not-found',
      'poll-not-found',
      'poll-not-found',
    ]);
  });
});

describe('the key of a rehearsal', () => {
  it('is the same at every instance, and another one for each poll and deployment', () => {
    expect(keys.of('2')).toMatch(/^[\w-]{22}$/);
    expect(keysWith(1).of('2')).toBe(keys.of('2'));
    expect(new Set([keys.of('1'), keys.of('2'), keys.of('12'), keysWith(2).of('2')]).size).toBe(4);
  });
});
