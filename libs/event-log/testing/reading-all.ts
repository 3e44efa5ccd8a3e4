import { describe, expect, it } from '@jest/globals';

import type { RecordedEvent } from '#domain';

import { START } from '../event-log.ts';
import {
  type Fixture,
  appendMany,
  idsOf,
  newEvent,
  newEvents,
  pagesOf,
  readAllOf,
  readStream,
  textsOf,
  uniquePrefix,
  uniqueStream,
} from './fixture.ts';

/** The total order: streams by prefix, behind any position, in pages. */
export function describeReadingAll(fixture: () => Fixture): void {
  describe('reading all streams', () => describeAllStreams(fixture));
  describe('a history of many pages', () => describeBigHistories(fixture));
}

const positionsOf = (events: readonly RecordedEvent[]): bigint[] => events.map(({ position }) => position);
const inOrder = (positions: readonly bigint[]): bigint[] => positions.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));

function describeAllStreams(fixture: () => Fixture): void {
  it('gives the streams with one of the prefixes, in the order in which they were appended', async () => {
    const { log } = fixture();
    const [wanted, also, foreign] = [uniquePrefix(), uniquePrefix(), uniquePrefix()];
    const order = [`${wanted}a`, `${foreign}a`, `${also}a`, `${wanted}b`, `x${wanted}a`, `${wanted}a`];
    for (const [index, stream] of order.entries()) await log.append(stream, [newEvent(String(index))], 'any');
    const events = (await pagesOf(log.readAll(START, [wanted, also]))).flat();
    expect(textsOf(events)).toEqual(['0', '2', '3', '5']);
    expect(events.map(({ stream }) => stream)).toEqual([order[0], order[2], order[3], order[5]]);
  });

  it('takes prefixes by the letter', async () => {
    const { log } = fixture();
    const prefix = uniquePrefix();
    for (const name of ['a_b', 'a%b', 'axb', 'A_b', 'a_']) await log.append(prefix + name, [newEvent(name)], 'any');
    expect(textsOf(await readAllOf(log, `${prefix}a_`))).toEqual(['a_b', 'a_']);
    expect(textsOf(await readAllOf(log, `${prefix}a%`))).toEqual(['a%b']);
    expect(textsOf(await readAllOf(log, `${prefix}a_b`))).toEqual(['a_b']);
  });

  it('gives nothing without a prefix', async () => {
    const { log } = fixture();
    await log.append(uniqueStream(), [newEvent()], 'any');
    expect(await pagesOf(log.readAll(START, []))).toEqual([]);
  });

  it('gives positions that never go back, not even over streams', async () => {
    const { log } = fixture();
    const prefix = uniquePrefix();
    for (let round = 0; round < 20; round++) await log.append(`${prefix}${round % 3}`, newEvents(3), 'any');
    const positions = positionsOf(await readAllOf(log, prefix));
    expect(positions).toEqual(inOrder(positions));
    expect(positions).toHaveLength(60);
  });

  it('goes on exactly behind any position', async () => {
    const { log, reader } = fixture();
    const prefix = uniquePrefix();
    for (let round = 0; round < 6; round++) await log.append(`${prefix}${round % 2}`, newEvents(3, `${round}-`), 'any');
    const events = await readAllOf(log, prefix);
    for (const { position } of events) {
      const behind = events.filter((event) => event.position > position);
      expect(idsOf(await readAllOf(reader, prefix, position))).toEqual(idsOf(behind));
    }
  });

  it('goes on behind what an append answered', async () => {
    const { log } = fixture();
    const prefix = uniquePrefix();
    const { position } = await log.append(`${prefix}a`, newEvents(3), 'any');
    expect(await readAllOf(log, prefix, position)).toEqual([]);
    await log.append(`${prefix}b`, [newEvent('next')], 'any');
    expect(textsOf(await readAllOf(log, prefix, position))).toEqual(['next']);
  });

  it('ends at the end that the log had at its begin, however much is appended meanwhile', async () => {
    const { log } = fixture();
    const prefix = uniquePrefix();
    await appendMany(log, `${prefix}a`, 3000);
    let read = 0;
    for await (const page of log.readAll(START, [prefix])) {
      read += page.length;
      await appendMany(log, `${prefix}a`, 1000);
    }
    expect(read).toBe(3000);
  });
}

function describeBigHistories(fixture: () => Fixture): void {
  it('comes whole and in order, by stream and by position, also to another client', async () => {
    const { log, reader, capabilities } = fixture();
    const prefix = uniquePrefix();
    const ids = idsOf(await appendMany(log, `${prefix}a`, capabilities.bigHistory));
    for (const client of [log, reader]) {
      const pages = await pagesOf(client.readAll(START, [prefix]));
      expect(pages.length).toBeGreaterThan(2);
      expect(idsOf(pages.flat())).toEqual(ids);
      expect(idsOf(await readStream(client, `${prefix}a`))).toEqual(ids);
    }
  });

  it('can be resumed behind every page: nothing is missed, nothing repeated', async () => {
    const { log, capabilities } = fixture();
    const prefix = uniquePrefix();
    // appends of odd sizes, so that pages would split some of them
    for (let count = 0; count < capabilities.bigHistory; count += 77)
      await log.append(`${prefix}${count % 2}`, newEvents(77), 'any');
    const pages = await pagesOf(log.readAll(START, [prefix]));
    for (const [index, page] of pages.entries()) {
      const rest = await readAllOf(log, prefix, page.at(-1)!.position);
      expect(idsOf(rest)).toEqual(idsOf(pages.slice(index + 1).flat()));
    }
  });

  it('is read from any revision', async () => {
    const { log, capabilities } = fixture();
    const stream = uniqueStream();
    const ids = idsOf(await appendMany(log, stream, capabilities.bigHistory));
    for (const from of [1, 499, 500, 999, 1000, 1001, capabilities.bigHistory - 1]) {
      expect(idsOf(await readStream(log, stream, BigInt(from)))).toEqual(ids.slice(from));
    }
  });
}
