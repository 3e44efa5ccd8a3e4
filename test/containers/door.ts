import { get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

const PAUSE_MS = 20;
const ANSWER_LIMIT_MS = 1000;
const CLOSED_LIMIT_MS = 5 * 60_000;

/** Whether nginx answers, on a new connection. */
function isOpen(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const options = { host: '127.0.0.1', port, path: '/saude', agent: false, timeout: ANSWER_LIMIT_MS };
  const asking = get(options, (answer) => {
    answer.resume().once('close', () => {
      resolve(answer.complete && answer.statusCode === 200);
    });
  });
  asking.once('timeout', () => asking.destroy());
  asking.once('error', () => {
    resolve(false);
  });
  return promise;
}

/**
 * Knocks at the door, again and again, while something happens, and until somebody answers.
 * @returns the longest time from one answer to the next, in s
 */
export async function longestClosed(port: number, happening: Promise<unknown>): Promise<number> {
  let isOver = false;
  let longest = 0;
  const knock = async (): Promise<void> => {
    for (let last = performance.now(), isDone = false; !isDone && longest < CLOSED_LIMIT_MS;) {
      isDone = isOver;
      const isAnswered = await isOpen(port);
      longest = Math.max(longest, performance.now() - last);
      if (isAnswered) last = performance.now();
      else isDone = false;
      await delay(PAUSE_MS);
    }
  };
  await Promise.all([knock(), happening.finally(() => (isOver = true))]);
  return longest / 1000;
}
