import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { encodePollEvent, pollStream } from '#domain';
import { Projection } from '#projection';

import { ProjectionWorld } from '../../../libs/projection/testing/projection-world.ts';
import { assertCheckable } from './check.ts';

const AT = '2026-11-23T22:00:00.000Z';

let world: ProjectionWorld;

beforeEach(() => {
  world = new ProjectionWorld();
});
afterEach(() => world.dispose());

async function seal(pollId: string): Promise<void> {
  await world.append(pollStream(pollId), encodePollEvent({ type: 'PollClosed', pollId, closedAt: AT, by: 'a' }));
  await world.cut(pollId);
  await world.append(pollStream(pollId), encodePollEvent({ type: 'PollSealed', pollId, cut: '0', sealedAt: AT }));
  const projection = await Projection.restore(world.tallies, world.log);
  await projection.fold(await world.events(), true);
  await projection.save();
}

const refusal = (): Promise<unknown> =>
  assertCheckable(world.log, world.readModel, '1').then(
    () => undefined,
    (error: unknown) => (error as { code: string }).code,
  );

describe('a poll that is sealed and counted', () => {
  it('can be audited', async () => {
    await world.openPoll('1');
    expect(await refusal()).toBe('poll-not-closed');
    await seal('1');
    expect(await refusal()).toBeUndefined();
  });

  it('can be audited with an event that nobody can read: the audit is there to tell', async () => {
    await world.openPoll('1');
    await world.append(pollStream('1'), { type: 'PollPainted', version: 1, data: Buffer.from('{}') });
    await seal('1');
    expect(await refusal()).toBeUndefined();
  });
});
