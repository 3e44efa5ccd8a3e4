import { setTimeout as delay } from 'node:timers/promises';

const PAUSE_MS = 50;

/**
 * Asks until the answer is as wanted.
 * @throws with the last answer, when time is up
 */
export async function eventually<T>(
  ask: () => Promise<T> | T,
  isWanted: (answer: T) => boolean,
  limitMs = 5000,
): Promise<T> {
  const limit = Date.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (isWanted(answer)) return answer;
    if (Date.now() > limit) throw new Error(`not in ${String(limitMs)} ms; last: ${JSON.stringify(answer)}`);
    await delay(PAUSE_MS);
  }
}
