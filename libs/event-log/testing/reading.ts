import { describe, expect, it } from '@jest/globals';

import {
  type Fixture,
  newEvent,
  newEvents,
  pagesOf,
  readAllOf,
  readStream,
  textsOf,
  uniquePrefix,
  uniqueStream,
} from './fixture.ts';

/** Single events, single streams and the head. */
export function describeReading(fixture: () => Fixture): void {
  describe('an event that was read', () => describeEvents(fixture));
  describe('reading a stream', () => describeStreams(fixture));
  describe('the head', () => describeHead(fixture));
}

function describeEvents(fixture: () => Fixture): void {
  it('is what was appended', async () => {
    const { log, reader } = fixture();
    const stream = uniqueStream();
    const event = { ...newEvent('{"a": 1 }', 'PollOpened'), version: 7 };
    await log.append(stream, [event], 'any');
    for (const client of [log, reader]) {
      expect((await readStream(client, stream))[0]).toMatchObject({
        stream,
        revision: 0n,
        id: event.id,
        type: 'PollOpened',
        version: 7,
      });
    }
  });

  it('has the very bytes, whatever they are', async () => {
    const { log, reader } = fixture();
    const stream = uniqueStream();
    const every = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const data = [
      every,
      Buffer.alloc(0),
      Buffer.from([0]),
      Buffer.from('\ufeff{ "ã":1}\r\n'),
      every.subarray(100, 130),
    ];
    await log.append(
      stream,
      data.map((bytes) => ({ ...newEvent(), data: bytes })),
      'any',
    );
    for (const client of [log, reader]) {
      const stored = await readStream(client, stream);
      expect(stored.map((event) => Buffer.from(event.data).toString('hex'))).toEqual(
        data.map((bytes) => bytes.toString('hex')),
      );
    }
  });

  it('was recorded when it was appended, by a clock that does not run backwards', async () => {
    const { log } = fixture();
    const prefix = uniquePrefix();
    for (const name of ['a', 'b', 'a', 'b']) await log.append(prefix + name, [newEvent()], 'any');
    const times = (await readAllOf(log, prefix)).map(({ recordedAt }) => recordedAt);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(Math.abs(times[0]! - Date.now())).toBeLessThan(60_000);
  });
}

function describeStreams(fixture: () => Fixture): void {
  it('gives nothing for a stream that is not there', async () => {
    const { log } = fixture();
    expect(await pagesOf(log.read(uniqueStream(), 0n))).toEqual([]);
  });

  it('gives revisions from 0, without gaps, whatever else is appended meanwhile', async () => {
    const { log } = fixture();
    const [stream, other] = [uniqueStream(), uniqueStream()];
    for (let round = 0; round < 10; round++) {
      await log.append(stream, newEvents(3), 'any');
      await log.append(other, newEvents(2), 'any');
    }
    const revisions = (await readStream(log, stream)).map(({ revision }) => revision);
    expect(revisions).toEqual(Array.from({ length: 30 }, (_, index) => BigInt(index)));
  });

  it('begins at any revision', async () => {
    const { log } = fixture();
    const stream = uniqueStream();
    await log.append(stream, newEvents(5), 'any');
    expect(textsOf(await readStream(log, stream, 3n))).toEqual(['3', '4']);
    expect(textsOf(await readStream(log, stream, 4n))).toEqual(['4']);
    expect(await readStream(log, stream, 5n)).toEqual([]);
    expect(await readStream(log, stream, 500n)).toEqual([]);
  });

  it('gives what another client appended a moment ago', async () => {
    const { log, reader } = fixture();
    const stream = uniqueStream();
    for (let count = 1; count <= 5; count++) {
      await log.append(stream, [newEvent()], 'any');
      expect(await readStream(reader, stream)).toHaveLength(count);
    }
  });
}

function describeHead(fixture: () => Fixture): void {
  it('is at the last append or behind it, for every client', async () => {
    const { log, reader } = fixture();
    for (let round = 0; round < 3; round++) {
      const { position } = await log.append(uniqueStream(), newEvents(2), 'any');
      for (const client of [log, reader]) expect((await client.head()).position).toBeGreaterThanOrEqual(position);
    }
  });

  it('has nothing behind it', async () => {
    const { log } = fixture();
    const prefix = uniquePrefix();
    await log.append(`${prefix}a`, newEvents(2), 'any');
    const { position } = await log.head();
    expect(await readAllOf(log, prefix, position)).toEqual([]);
    await log.append(`${prefix}a`, newEvents(1), 'any');
    expect((await log.head()).position).toBeGreaterThan(position);
  });

  it('tells the clock of the log', async () => {
    const { log } = fixture();
    const stream = uniqueStream();
    await log.append(stream, [newEvent()], 'any');
    const { recordedAt } = await log.head();
    expect(recordedAt).toBeGreaterThanOrEqual((await readStream(log, stream))[0]!.recordedAt);
    expect(Math.abs(recordedAt - Date.now())).toBeLessThan(60_000);
  });
}
