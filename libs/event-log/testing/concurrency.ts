import { describe, expect, it } from '@jest/globals';

import {
  type AppendResult,
  type EventLog,
  EventLogUnavailableError,
  type NewEvent,
  WrongExpectedRevisionError,
} from '../event-log.ts';
import { Follower } from './follower.ts';
import {
  type Fixture,
  idsOf,
  newEvent,
  newEvents,
  readAllOf,
  readStream,
  textsOf,
  uniquePrefix,
  uniqueStream,
} from './fixture.ts';

/** Appends that meet each other. */
export function describeConcurrency(fixture: () => Fixture): void {
  describe('appends at the same time', () => describeManyAppends(fixture));
  describe('appends that want the same place', () => describeContention(fixture));
}

function describeManyAppends(fixture: () => Fixture): void {
  it('to one stream are all stored, each batch in one piece and at the place it was told', async () => {
    const { log } = fixture();
    const stream = uniqueStream();
    const batches = Array.from({ length: 200 }, (_, index) => newEvents(1 + (index % 5), `${index}-`));
    const results = await Promise.all(batches.map((batch) => log.append(stream, batch, 'any')));
    const stored = await readStream(log, stream);
    expect(stored).toHaveLength(batches.flat().length);
    for (const [index, { revision }] of results.entries()) {
      const end = Number(revision) + 1;
      expect(idsOf(stored.slice(end - batches[index]!.length, end))).toEqual(idsOf(batches[index]!));
    }
  });

  it('to many streams keep their order in each, and one order in all', async () => {
    const { log } = fixture();
    const prefix = uniquePrefix();
    const follower = new Follower(log, [prefix]);
    const appendInTurn = async (stream: string): Promise<void> => {
      for (let turn = 0; turn < 30; turn++) await log.append(stream, newEvents(2, `${turn}-`), 'any');
    };
    const streams = Array.from({ length: 8 }, (_, index) => `${prefix}${index}`);
    await Promise.all(streams.map(appendInTurn));
    const expected = Array.from({ length: 30 }, (_, turn) => [`${turn}-0`, `${turn}-1`]).flat();
    for (const stream of streams) expect(textsOf(await readStream(log, stream))).toEqual(expected);
    const all = await readAllOf(log, prefix);
    expect(idsOf(await follower.catchesUp(all.length))).toEqual(idsOf(all));
    await follower.stop();
  });

  it('one of which is refused leave the others alone', async () => {
    const { log } = fixture();
    const stream = uniqueStream();
    await log.append(stream, [newEvent('first')], 'no-stream');
    const wrong = Array.from({ length: 20 }, () => log.append(stream, [newEvent('wrong')], 5n));
    const invalid = Array.from({ length: 20 }, () => log.append(stream, [], 'any'));
    const right = Array.from({ length: 20 }, () => log.append(stream, [newEvent('right')], 'any'));
    for (const { status } of await Promise.allSettled([...wrong, ...invalid])) expect(status).toBe('rejected');
    await Promise.all(right);
    expect(textsOf(await readStream(log, stream))).toEqual(['first', ...right.map(() => 'right')]);
  });

  it('of the same batch, sent again before the first was answered, store it once; who is not answered asks again', async () => {
    const { log } = fixture();
    const stream = uniqueStream();
    const batch = newEvents(20);
    const sendUntilAnswered = async (): Promise<AppendResult> => {
      for (let attempt = 1; ; attempt++) {
        try {
          return await log.append(stream, batch, 'no-stream');
        } catch (error) {
          if (!(error instanceof EventLogUnavailableError) || attempt === 5) throw error;
        }
      }
    };
    const attempts = await Promise.all(Array.from({ length: 5 }, sendUntilAnswered));
    expect(new Set(attempts.map(({ revision }) => revision))).toEqual(new Set([19n]));
    expect(idsOf(await readStream(log, stream))).toEqual(idsOf(batch));
  });
}

function describeContention(fixture: () => Fixture): void {
  /** Sends one batch for each contender; the others must be refused as the port says. */
  async function race(log: EventLog, stream: string, expected: 'no-stream' | bigint): Promise<NewEvent[]> {
    const contenders = Array.from({ length: 25 }, () => newEvents(2));
    const outcomes = await Promise.allSettled(contenders.map((batch) => log.append(stream, batch, expected)));
    const losers = outcomes.filter((outcome) => outcome.status === 'rejected');
    for (const { reason } of losers) expect(reason).toBeInstanceOf(WrongExpectedRevisionError);
    const winners = contenders.filter((_, index) => outcomes[index]!.status === 'fulfilled');
    expect(winners).toHaveLength(1);
    return winners[0]!;
  }

  it('have exactly one winner, round after round', async () => {
    const { log } = fixture();
    const stream = uniqueStream();
    const won = await race(log, stream, 'no-stream');
    for (let round = 0; round < 10; round++) won.push(...(await race(log, stream, BigInt(won.length - 1))));
    expect(idsOf(await readStream(log, stream))).toEqual(idsOf(won));
  });
}
