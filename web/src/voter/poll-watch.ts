import { fetchPoll } from './voter-api.ts';
import { asFailure, type ApiFailure } from '../shared/failure.ts';
import { backoff } from '../shared/retry.ts';
import { createLoop, jitter, spread } from '../shared/timing.ts';
import { serverClock } from '../shared/server-clock.ts';
import type { Poll } from '#contract';

/** Between two looks, in milliseconds: with its jitter, a new ballot is heard of within 10 s. That a vote is for it, the server sees to. */
const INTERVAL = 8_000;
/** The moment of opening or closing is not missed by more, and not everybody asks in the same one. */
const SPREAD = 1_500;
const LOOK_AGAIN = 500;
/** So long before the end the page looks once more: it may have moved. */
const BEFORE_END = 1_000;

/** What the page learns after each look. */
export interface PollListener {
  onPoll(poll: Poll): void;
  onNone(): void;
  /** `delay`: milliseconds until the next look. */
  onUnreachable(failure: ApiFailure, delay: number): void;
}

function pauseAfter({ estado, abre_em, encerra_em }: Poll): number {
  const usual = jitter(INTERVAL);
  const soon = spread(SPREAD);
  if (estado === 'agendado') {
    const opensIn = serverClock.until(abre_em ?? '');
    return opensIn < INTERVAL ? Math.max(opensIn, 0) + soon : usual;
  }
  if (estado !== 'aberto' || encerra_em === null) return usual;
  const closesIn = serverClock.until(encerra_em);
  const last = closesIn - BEFORE_END - soon;
  if (last > 0) return Math.min(last, usual);
  return closesIn > 0 ? closesIn + soon : BEFORE_END + soon;
}

/** Looks at the current poll while the page can be seen. */
export interface PollWatch {
  /** At once. */
  look(): void;
  /** The results may hear of a change a little later than the votes. */
  lookSoon(): void;
}

/** Begins with the first look. */
export function createPollWatch(listener: PollListener): PollWatch {
  const loop = createLoop();
  let failures = 0;

  async function once(): Promise<number> {
    try {
      const poll = await fetchPoll();
      failures = 0;
      listener.onPoll(poll);
      return pauseAfter(poll);
    } catch (error) {
      const failure = asFailure(error);
      if (failure.code === 'poll-not-found') {
        listener.onNone();
        return jitter(INTERVAL);
      }
      const delay = backoff(++failures, failure.retryAfter, Math.random());
      listener.onUnreachable(failure, delay);
      return delay;
    }
  }

  const look = () => loop.start(once);
  return { look, lookSoon: () => void setTimeout(look, LOOK_AGAIN) };
}
