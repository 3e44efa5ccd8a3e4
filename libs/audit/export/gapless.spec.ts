import { expect, it } from '@jest/globals';

import type { RecordedEvent } from '#domain';

import { GaplessStreams } from './gapless.ts';

const event = (stream: string, revision: bigint): RecordedEvent => ({ stream, revision }) as RecordedEvent;

it('takes streams whose revisions have no gaps, whatever lies between them', () => {
  const streams = new GaplessStreams();
  for (const revision of [0n, 1n, 2n]) {
    streams.add(event('votes-1', revision));
    streams.add(event('poll-1', revision));
  }
});

it.each([[0n, 2n], [5n], [0n, 0n], [-1n]])(
  'refuses a stream of the revisions %s, %s, and says where',
  (...revisions) => {
    const streams = new GaplessStreams();
    const add = (): void => revisions.forEach((revision) => streams.add(event('votes-1', revision)));
    expect(add).toThrow(/^votes-1 has revision -?\d+ where \d+ should be$/);
  },
);
