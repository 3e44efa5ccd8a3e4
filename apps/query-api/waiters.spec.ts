import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { Waiters } from './waiters.ts';

const LIMIT = 5000;
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('waiters', () => {
  let waiters: Waiters;

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
    waiters = new Waiters();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('are answered when their position is reached, the others wait on', async () => {
    const answers: string[] = [];
    for (const position of [5n, 7n, 6n]) {
      void waiters.wait(position, 2000).then((reached) => answers.push(`${String(position)} ${String(reached)}`));
    }
    waiters.release(6n);
    await settled();

    expect(answers).toEqual(['5 true', '6 true']);
    expect(waiters.size).toBe(1);
  });

  it('are answered no when their time is over', async () => {
    const waiting = waiters.wait(5n, 2000);
    jest.advanceTimersByTime(1999);
    expect(waiters.size).toBe(1);
    jest.advanceTimersByTime(1);

    expect(await waiting).toBe(false);
    expect(waiters.size).toBe(0);
  });

  it('beyond the limit are answered no at once', async () => {
    for (let count = 0; count < LIMIT; count++) void waiters.wait(5n, 2000);

    expect(await waiters.wait(5n, 2000)).toBe(false);
    expect(waiters.size).toBe(LIMIT);
    waiters.release(5n);
    void waiters.wait(6n, 2000);
    expect(waiters.size).toBe(1);
  });

  it('are all answered no when the service stops, and leave no timer behind', async () => {
    const waiting = [waiters.wait(5n, 2000), waiters.wait(6n, 2000)];
    waiters.releaseAll();

    expect(await Promise.all(waiting)).toEqual([false, false]);
    expect(jest.getTimerCount()).toBe(0);
  });
});
