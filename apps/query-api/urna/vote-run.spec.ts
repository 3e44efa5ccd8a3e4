import { describe, expect, it } from '@jest/globals';
import { hash } from 'node:crypto';

import type { RecordedEvent } from '#domain';
import { RECORD_BYTES, indexIn, prefixOf } from '#receipts';

import { recorded, wholePoll } from '../../../libs/audit/testing/sealed-poll.ts';
import { VoteRun } from './vote-run.ts';

const BITS = 4;
const box = recorded(wholePoll(200)).filter(({ stream }) => stream.startsWith('votes-'));

/** The rows of a run, each as the places in the box that its records say. */
function rowsOf(number: number, events: readonly RecordedEvent[]): number[][] {
  const run = new VoteRun(number, BITS, events.length);
  for (const event of events) run.add(event);
  return [...run.rows()].map(({ tile, hashes }, index) => {
    expect([tile.level, tile.index, hashes.length]).toEqual([number, index, tile.width * RECORD_BYTES]);
    expect(hashes.subarray(0, RECORD_BYTES).every((byte) => byte === 0)).toBe(true);
    const records = Array.from({ length: tile.width - 1 }, (_, at) => hashes.subarray((at + 1) * RECORD_BYTES));
    return records.map(indexIn);
  });
}

const prefixAt = (index: number): number | undefined => {
  const [, id] = /"voteId":"(\w+)"/.exec(Buffer.from(box[index]!.data).toString()) ?? [];
  return id === undefined ? undefined : prefixOf(hash('sha256', id, 'buffer'), BITS);
};

describe('the votes of a run', () => {
  it('lie in rows by the beginnings of their ids, in the order of the box; other events do not', () => {
    const rows = rowsOf(0, box);

    expect(rows).toHaveLength(2 ** BITS);
    for (const [prefix, row] of rows.entries())
      expect(row).toEqual(box.flatMap((_, index) => (prefixAt(index) === prefix ? index : [])));
  });

  it('and those of the next run are the votes of the box', () => {
    const [first, second] = [rowsOf(0, box.slice(0, 70)), rowsOf(1, box.slice(70))];

    expect(first.map((row, prefix) => [...row, ...second[prefix]!])).toEqual(rowsOf(0, box));
  });

  it('have a row for every beginning, also where there are none', () => {
    expect(rowsOf(3, [])).toEqual(Array(2 ** BITS).fill([]));
  });
});
