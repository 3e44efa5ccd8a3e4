import { expect, it } from '@jest/globals';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

import type { RecordedEvent } from '#domain';
import { SqliteEventLog } from '#event-log';

import { exportCsv, exportNdjson } from '../index.ts';
import { BOX, IN_BOX, Voted } from '../testing/voted.ts';
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

it('no format is written of a log that lacks events', async () => {
  const voted = await Voted.from();
  voted.tamper(`DELETE FROM events ${IN_BOX}`, 5);
  const log = SqliteEventLog.openReadOnly(voted.directory);
  for (const write of [exportNdjson, exportCsv]) {
    const reading = text(Readable.from(write({ log, pollId: 'paredao-1' })));
    await expect(reading).rejects.toThrow(`${BOX} has revision 6 where 5 should be`);
  }
  await log.close();
  voted.dispose();
});
