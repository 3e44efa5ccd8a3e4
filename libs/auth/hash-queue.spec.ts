import { beforeEach, describe, expect, it } from '@jest/globals';

import { type Applicant, HashQueue } from './hash-queue.ts';

let queue: HashQueue;
let started: string[];
let finish: (() => void)[];

beforeEach(() => {
  queue = new HashQueue();
  started = [];
  finish = [];
});

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Asks for a hash that runs until it is told to end. @returns what becomes of it */
const ask = (name: string, applicant: Applicant): Promise<string> =>
  queue
    .run(applicant, () => {
      started.push(name);
      return new Promise<void>((resolve) => finish.push(resolve));
    })
    .then(
      () => 'hashed',
      (error: unknown) => (error as { code: string }).code,
    );

/** Ends what runs, one by one, until nothing is left. */
async function finishAll(): Promise<void> {
  await settled();
  for (let end = finish.shift(); end !== undefined; end = finish.shift()) {
    end();
    await settled();
  }
}

/** That many that nobody counts, which take all the running ones first. */
const fill = (count: number, rank = 0): Promise<string>[] =>
  Array.from({ length: count }, (_, index) => ask(`filler ${String(index)}`, { rank }));

describe('the queue of hashes', () => {
  it.each<[string, Applicant, number]>([
    ['client', { client: '203.0.113.1', network: '203.0.113', rank: 0 }, 2],
    ['network', { network: '203.0.113', rank: 0 }, 4],
  ])('has so many places for one %s, whatever else is free', async (_kind, applicant, places) => {
    const others = fill(2);
    const asked = Array.from({ length: places + 1 }, (_, index) => ask(String(index), applicant));
    const elsewhere = ask('elsewhere', { client: '198.51.100.1', network: '198.51.100', rank: 0 });
    await finishAll();
    expect(await Promise.all(asked)).toEqual([...Array<string>(places).fill('hashed'), 'too-many-requests']);
    expect([await elsewhere, ...(await Promise.all(others))]).toEqual(Array(3).fill('hashed'));
  });

  it('lets who failed least go first, and then who came first', async () => {
    const all = [...fill(2), ...[3, 1, 2, 1].map((rank, index) => ask(`${String(rank)}${'abcd'[index]!}`, { rank }))];
    await finishAll();
    await Promise.all(all);
    expect(started.slice(2)).toEqual(['1b', '1d', '2c', '3a']);
  });

  it('gives the last place of those who failed more to who failed less, when all are taken', async () => {
    const fillers = fill(22, 5);
    const [worse, same, better] = [ask('worse', { rank: 6 }), ask('same', { rank: 5 }), ask('better', { rank: 4 })];
    await finishAll();
    expect(await Promise.all([worse, same, better])).toEqual(['too-many-requests', 'too-many-requests', 'hashed']);
    expect((await Promise.all(fillers)).at(-1)).toBe('too-many-requests');
    expect(started[2]).toBe('better');
  });
});
