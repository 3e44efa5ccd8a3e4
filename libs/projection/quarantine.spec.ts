import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { ballotBoxStream } from '#domain';

import { Projection } from './projection.ts';
import { listQuarantine, moreQuarantined, readQuarantined } from './quarantine.ts';
import { ProjectionWorld } from './testing/projection-world.ts';

let world: ProjectionWorld;

beforeEach(() => {
  world = new ProjectionWorld();
});
afterEach(() => world.dispose());

/** Something unreadable between two votes. */
async function quarantine(...datas: Uint8Array[]): Promise<void> {
  await world.openPoll('1');
  await world.cast('1', 1);
  for (const data of datas) await world.append(ballotBoxStream('1'), { type: 'VoteCast', version: 1, data });
  const projection = await Projection.restore(world.tallies, world.log);
  await projection.fold(await world.events(), true);
  await projection.save();
}

const show = (revision: string, stream = 'votes-1') => readQuarantined(world.log, world.tallies, stream, revision);

describe('the quarantine', () => {
  it('is empty where everything could be read', async () => {
    await quarantine();
    expect(await listQuarantine(world.tallies)).toEqual([]);
  });

  it('lists what could not be read, with its place and the reason', async () => {
    await quarantine(Buffer.from('{}'), Buffer.from([0xff]));
    expect(await listQuarantine(world.tallies)).toEqual([
      {
        pollId: '1',
        count: 2,
        events: [
          { stream: 'votes-1', revision: '1', position: '3', reason: 'not-canonical' },
          { stream: 'votes-1', revision: '2', position: '4', reason: 'not-utf-8' },
        ],
      },
    ]);
  });

  it('shows the bytes of one of them, as text where they are text', async () => {
    await quarantine(Buffer.from('{"é"}'), Buffer.from([0xff, 0x00]));
    expect(await show('1')).toMatchObject({
      event: { type: 'VoteCast', version: 1, revision: 1n },
      size: 6,
      text: '{"é"}',
      hex: '7b22c3a9227d',
    });
    expect(await show('2')).toMatchObject({ size: 2, text: undefined, hex: 'ff00' });
  });

  it('shows a part of a large one, also where that cuts a character in two', async () => {
    await quarantine(Buffer.from(`x${'é'.repeat(5000)}`));
    const shown = await show('1');
    expect([shown?.size, shown?.hex.length, shown?.text?.length]).toEqual([10_001, 4096, 1024]);
  });

  it('is paged and shown behind the hundred that a tally lists', async () => {
    const first = { stream: 'votes-1', revision: '101', position: '103', reason: 'not-canonical' };
    await quarantine(...Array.from({ length: 203 }, () => Buffer.from('{}')));
    expect((await listQuarantine(world.tallies))[0]).toMatchObject({ count: 203, events: { length: 100 } });
    const { signal } = new AbortController();
    const more = await moreQuarantined(world.log, 'votes-1', 100n, signal);
    expect([more.length, more[0]]).toEqual([100, first]);
    expect(await moreQuarantined(world.log, 'votes-1', 200n, signal)).toHaveLength(3);
    expect(await show('203')).toMatchObject({ reason: 'not-canonical', text: '{}' });
  });

  it('shows nothing that is not in it', async () => {
    await quarantine(Buffer.from('{}'));
    expect(await show('0')).toBeUndefined();
    expect(await show('99')).toBeUndefined();
    expect(await show('1', 'votes-2')).toBeUndefined();
    await world.append('photo-1', { type: 'PhotoStored', version: 1, data: Buffer.from('x') });
    expect(await show('0', 'photo-1')).toBeUndefined();
  });
});
