import { afterEach, expect, it, jest } from '@jest/globals';

import { type RecordedEvent, Tally } from '#domain';

import { Voted, failuresOf, found } from './testing/voted.ts';

afterEach(() => {
  jest.restoreAllMocks();
});

it('a wrong fold cannot confirm itself, not even with a read model that it made', async () => {
  const right = Object.getOwnPropertyDescriptor(Tally.prototype, 'fold')?.value as (event: RecordedEvent) => void;
  // it forgets the cut
  jest.spyOn(Tally.prototype, 'fold').mockImplementation(function (this: Tally, event) {
    if (event.type !== 'BallotBoxClosed') right.call(this, event);
  });
  const voted = await Voted.from();
  const failures = failuresOf(await voted.audit());
  voted.dispose();
  expect(failures).not.toHaveProperty('read-model');
  expect(failures['independent']).toContainEqual(
    found('recounts-differ', { part: 'late' }, { expected: 1, actual: 0 }),
  );
});
