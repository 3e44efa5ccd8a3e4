import { describe, expect, it, test } from '@jest/globals';

import {
  type EventLog,
  type ExpectedRevision,
  MAX_APPEND_BYTES,
  MAX_APPEND_EVENTS,
  type NewEvent,
} from '../event-log.ts';
import { type Fixture, idsOf, newEvent, newEvents, readStream, textsOf, uniqueStream } from './fixture.ts';

const wrongRevision = { code: 'wrong-expected-revision' };

/** The appends of the port: expected revisions, resent batches, batches that no log could take. */
export function describeAppending(fixture: () => Fixture): void {
  describe('an append', () => describeExpectedRevisions(fixture));
  describe('a batch that is sent again', () => describeResending(fixture));
  describe('a batch that no log could take', () => describeRefusals(fixture));
}

function describeExpectedRevisions(fixture: () => Fixture): void {
  it('puts events at the end of a stream, in their order', async () => {
    const { log } = fixture();
    const stream = uniqueStream();
    expect((await log.append(stream, newEvents(3, 'a'), 'any')).revision).toBe(2n);
    expect((await log.append(stream, newEvents(2, 'b'), 'any')).revision).toBe(4n);
    expect(textsOf(await readStream(log, stream))).toEqual(['a0', 'a1', 'a2', 'b0', 'b1']);
  });

  it('says where its last event stands', async () => {
    const { log } = fixture();
    const stream = uniqueStream();
    const { position, revision } = await log.append(stream, newEvents(3), 'any');
    expect((await readStream(log, stream)).at(-1)).toMatchObject({ position, revision });
  });

  it('stands behind every append that was answered before it', async () => {
    const { log } = fixture();
    const first = await log.append(uniqueStream(), [newEvent()], 'any');
    const second = await log.append(uniqueStream(), [newEvent()], 'any');
    expect(second.position).toBeGreaterThan(first.position);
  });

  it('may expect that there is no such stream', async () => {
    const { log } = fixture();
    const stream = uniqueStream();
    expect((await log.append(stream, newEvents(2), 'no-stream')).revision).toBe(1n);
    await expect(log.append(stream, [newEvent()], 'no-stream')).rejects.toMatchObject(wrongRevision);
    expect(await readStream(log, stream)).toHaveLength(2);
  });

  it('may expect the revision at which the stream ends', async () => {
    const { log } = fixture();
    const stream = uniqueStream();
    const { revision } = await log.append(stream, newEvents(3, 'a'), 'no-stream');
    expect((await log.append(stream, newEvents(2, 'b'), revision)).revision).toBe(4n);
    expect((await log.append(stream, newEvents(1, 'c'), 4n)).revision).toBe(5n);
    expect(textsOf(await readStream(log, stream))).toEqual(['a0', 'a1', 'a2', 'b0', 'b1', 'c0']);
  });

  test.each<ExpectedRevision>([0n, 1n, 3n, 10n ** 15n, 'no-stream'])(
    'is refused where %s is wrong',
    async (expected) => {
      const { log } = fixture();
      const stream = uniqueStream();
      const before = newEvents(3);
      await log.append(stream, before, 'any');
      await expect(log.append(stream, newEvents(2), expected)).rejects.toMatchObject(wrongRevision);
      expect(idsOf(await readStream(log, stream))).toEqual(idsOf(before));
      expect((await log.append(stream, [newEvent()], 2n)).revision).toBe(3n);
    },
  );

  it('is refused where there should be a stream and is none, and makes none', async () => {
    const { log } = fixture();
    const stream = uniqueStream();
    await expect(log.append(stream, [newEvent()], 0n)).rejects.toMatchObject(wrongRevision);
    expect(await readStream(log, stream)).toEqual([]);
    expect((await log.append(stream, [newEvent()], 'no-stream')).revision).toBe(0n);
  });

  it('takes any stream name, and tells names apart that look alike', async () => {
    const { log } = fixture();
    const stream = uniqueStream();
    const names = [stream, `${stream} `, `${stream}%`, `${stream}_`, `${stream}'"é\u{1f5f3}`, stream.toUpperCase()];
    for (const name of names) await log.append(name, [newEvent(name)], 'no-stream');
    for (const name of names) expect(textsOf(await readStream(log, name))).toEqual([name]);
  });

  it('takes as many events as it says', async () => {
    const { log } = fixture();
    const stream = uniqueStream();
    const events = newEvents(MAX_APPEND_EVENTS);
    expect((await log.append(stream, events, 'any')).revision).toBe(BigInt(MAX_APPEND_EVENTS - 1));
    expect(idsOf(await readStream(log, stream))).toEqual(idsOf(events));
  });

  it('takes as many bytes as it says', async () => {
    const { log } = fixture();
    const stream = uniqueStream();
    const half = 'x'.repeat(MAX_APPEND_BYTES / 2);
    await log.append(stream, [newEvent(half), newEvent(half)], 'any');
    expect((await readStream(log, stream)).map(({ data }) => data.byteLength)).toEqual([half.length, half.length]);
  });
}

function describeResending(fixture: () => Fixture): void {
  /** Appends a batch behind some other, as the first attempt did whose answer was lost. */
  async function appended(log: EventLog, expected: 'no-stream' | bigint) {
    const stream = uniqueStream();
    const before = expected === 'no-stream' ? [] : newEvents(Number(expected) + 1);
    if (before.length > 0) await log.append(stream, before, 'no-stream');
    const batch = newEvents(50, 'batch');
    return { stream, before, batch, first: await log.append(stream, batch, expected) };
  }

  it('under any is taken, and stored whole each time that it is', async () => {
    const { log } = fixture();
    const stream = uniqueStream();
    const batch = newEvents(20);
    await log.append(stream, batch, 'any');
    await log.append(stream, batch, 'any');
    const ids = idsOf(await readStream(log, stream));
    expect([idsOf(batch), [...idsOf(batch), ...idsOf(batch)]]).toContainEqual(ids);
  });

  describe.each<['no-stream' | bigint]>([['no-stream'], [0n], [4n]])('expecting %s', (expected) => {
    it('gets the same answer and is stored once', async () => {
      const { log } = fixture();
      const { stream, before, batch, first } = await appended(log, expected);
      expect(await log.append(stream, batch, expected)).toEqual(first);
      expect(idsOf(await readStream(log, stream))).toEqual(idsOf([...before, ...batch]));
    });

    it('gets the same answer when others have appended since', async () => {
      const { log } = fixture();
      const { stream, before, batch, first } = await appended(log, expected);
      const later = newEvents(3);
      await log.append(stream, later, 'any');
      expect(await log.append(stream, batch, expected)).toEqual(first);
      expect(idsOf(await readStream(log, stream))).toEqual(idsOf([...before, ...batch, ...later]));
    });

    it('gets the same answer after a restart', async () => {
      const { log, reopen } = fixture();
      const { stream, before, batch, first } = await appended(log, expected);
      const reopened = await reopen();
      expect(await reopened.append(stream, batch, expected)).toEqual(first);
      expect(idsOf(await readStream(reopened, stream))).toEqual(idsOf([...before, ...batch]));
    });

    test.each<[string, (batch: NewEvent[]) => NewEvent[]]>([
      ['other ids', (batch) => newEvents(batch.length, 'batch')],
      ['one more event', (batch) => [...batch, newEvent()]],
      ['another first event', ([, ...rest]) => [newEvent(), ...rest]],
      ['another last event', (batch) => [...batch.slice(0, -1), newEvent()]],
      ['another order', (batch) => batch.toReversed()],
    ])('is refused with %s, and nothing of it is stored', async (_what, change) => {
      const { log } = fixture();
      const { stream, before, batch } = await appended(log, expected);
      await expect(log.append(stream, change(batch), expected)).rejects.toMatchObject(wrongRevision);
      expect(idsOf(await readStream(log, stream))).toEqual(idsOf([...before, ...batch]));
    });
  });
}

function describeRefusals(fixture: () => Fixture): void {
  const one = (change: Partial<NewEvent>): NewEvent[] => [newEvent(), { ...newEvent(), ...change }];
  const REFUSED: [string, { events?: NewEvent[]; stream?: string; expected?: ExpectedRevision; code?: string }][] = [
    ['that is empty', { events: [] }],
    ['of too many events', { events: newEvents(MAX_APPEND_EVENTS + 1) }],
    [
      'of too many bytes',
      { events: [newEvent('x'.repeat(MAX_APPEND_BYTES)), newEvent('x')], code: 'append-too-large' },
    ],
    ['with an id that is no UUID', { events: one({ id: 'vote-1' }) }],
    ['with an empty id', { events: one({ id: '' }) }],
    ['with an id in capitals, which would come back otherwise', { events: one({ id: newEvent().id.toUpperCase() }) }],
    ['with a type of the system', { events: one({ type: '$metadata' }) }],
    ['with an empty type', { events: one({ type: '' }) }],
    ['with a type that is too long for a leaf', { events: one({ type: 'x'.repeat(201) }) }],
    ['with a version that is no whole number', { events: one({ version: 1.5 }) }],
    ['with a version that is not a number', { events: one({ version: NaN }) }],
    ['for a stream of the system', { stream: '$all' }],
    ['for a stream without a name', { stream: '' }],
    ['that expects a negative revision', { expected: -1n }],
  ];

  test.each(REFUSED)('%s is refused, and the log goes on', async (_what, refused) => {
    const { log } = fixture();
    const own = uniqueStream();
    const { stream = own, events = newEvents(2), expected = 'any', code = 'invalid-append' } = refused;
    await log.append(own, newEvents(1, 'before'), 'no-stream');
    const attempts = [log.append(stream, events, expected), log.append(own, newEvents(1, 'after'), 0n)];
    const [attempt, next] = await Promise.allSettled(attempts);
    expect(attempt).toMatchObject({ status: 'rejected', reason: { code } });
    expect(next).toMatchObject({ status: 'fulfilled', value: { revision: 1n } });
    expect(textsOf(await readStream(log, own))).toEqual(['before0', 'after0']);
  });
}
