import { beforeEach, describe, expect, it } from '@jest/globals';

import { AppendTooLargeError, EventLogUnavailableError, InvalidAppendError, type NewEvent } from '#event-log';

import { type HeldAppend, heldLog } from '../testing/held-log.ts';
import { GroupCommit } from './group-commit.ts';

const RESULT = { position: 7n, revision: 7n };
const nameOf = ({ data }: NewEvent): string => Buffer.from(data).toString();

let appends: HeldAppend[];
let commit: GroupCommit;
let issued: string[][];

beforeEach(() => {
  const held = heldLog();
  appends = held.appends;
  issued = [];
  const receipts = {
    issue: (events: readonly NewEvent[]): string[] => {
      issued.push(events.map(nameOf));
      return events.map((event) => `${nameOf(event)} of ${String(events.length)}`);
    },
  };
  const limits = { queueLimit: 100, batchLimit: 10, inFlightLimit: 1, receipts };
  commit = new GroupCommit(held.log, 'votes-1', limits, { appended: () => {}, retried: () => {}, tooLarge: () => {} });
});

const given = (...names: string[]): Promise<(string | undefined)[]> =>
  Promise.all(
    names.map(async (name) => {
      const { receipt } = await commit.append({ type: 'VoteCast', version: 1, data: Buffer.from(name) });
      return receipt;
    }),
  );

/** The nth attempt, when it has come. */
async function attempt(number: number): Promise<HeldAppend> {
  while (appends.length < number) await new Promise((resolve) => setTimeout(resolve, 1));
  return appends[number - 1]!;
}

describe('receipts', () => {
  it('are made once a batch while the log stores it, and given to the vote that each is of', async () => {
    const answers = given('a', 'b', 'c');
    const first = await attempt(1);
    expect(issued).toEqual([['a', 'b', 'c']]);
    first.reject(new EventLogUnavailableError('gone'));
    (await attempt(2)).resolve(RESULT);

    expect(await answers).toEqual(['a of 3', 'b of 3', 'c of 3']);
    expect(issued).toHaveLength(1);
  });

  it('of votes that were not stored are given to nobody', async () => {
    const answer = given('a');
    (await attempt(1)).reject(new InvalidAppendError('no'));

    await expect(answer).rejects.toThrow('no');
  });

  it('of a batch that goes in halves are of the halves', async () => {
    const answers = given('a', 'b', 'c');
    (await attempt(1)).reject(new AppendTooLargeError());
    (await attempt(2)).resolve(RESULT);
    (await attempt(3)).resolve(RESULT);

    expect(await answers).toEqual(['a of 2', 'b of 2', 'c of 1']);
  });
});
