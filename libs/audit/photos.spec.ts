import { describe, expect, it } from '@jest/globals';
import { createHash, randomUUID } from 'node:crypto';

import { PHOTO_STORED, type RecordedEvent, photoStream } from '#domain';

import { isGenuine } from './poll-pages.ts';
import { Recount } from './recount.ts';
import { found } from './testing/voted.ts';

const data = Buffer.from('pixels');
const stream = photoStream(createHash('sha256').update(data).digest('hex'));
const PHOTO: RecordedEvent = {
  ...{ stream, revision: 0n, position: 1n, recordedAt: 1, id: randomUUID(), type: PHOTO_STORED, version: 1, data },
};

describe('a photo', () => {
  it('is the one event of its stream, with the bytes that the stream is called after', () => {
    expect(isGenuine(PHOTO)).toBe(true);
  });

  it.each<Partial<RecordedEvent>>([
    { data: Buffer.from('other pixels') },
    { type: 'PhotoTaken' },
    { version: 2 },
    { revision: 1n },
  ])('is none with %o', (change) => {
    expect(isGenuine({ ...PHOTO, ...change })).toBe(false);
  });

  it('has a place and an id like every event', () => {
    const recount = new Recount('1');
    recount.fold(PHOTO);
    recount.fold({ ...PHOTO, revision: 2n });
    expect(recount.orderCheck.order.shown).toEqual([found('missing-revisions', { stream, revision: '1' })]);
    expect(recount.orderCheck.ids.shown).toEqual([found('repeated-event-id', { stream, revision: '2' })]);
  });
});
