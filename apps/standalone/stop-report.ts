import { type RequestObserver } from '#platform';

/** Answers that say a vote is stored, so far. */
function stored(observer: RequestObserver): number {
  let votes = 0;
  for (const { method, route, status, total } of observer.outcomes())
    if (method === 'POST' && route === '/votar/:participante' && status < 300) votes += total;
  return votes;
}

/**
 * Begins with a stop.
 * @returns what the stop did, to be asked when it is over
 */
export function watchStop(observer: RequestObserver): () => string {
  const [before, began] = [stored(observer), performance.now()];
  return () => {
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    const votes = stored(observer) - before;
    const drained = votes === 0 ? 'no vote was on its way' : `${votes} votes on their way were stored and acknowledged`;
    return `Paredão stopped in ${seconds} s: ${drained}.\n`;
  };
}
