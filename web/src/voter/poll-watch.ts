import { fetchPoll } from './voter-api.ts';
import { asFailure, type ApiFailure } from '../shared/failure.ts';
import { backoff } from '../shared/retry.ts';
import { createLoop, jitter } from '../shared/timing.ts';
import type { Poll } from '../shared/api-types.ts';

/** A poll as it was read: `opensIn` is the milliseconds until it opens, if it does so by itself. */
export type WatchedPoll = Poll & { readonly opensIn: number };

/** Between two looks, in milliseconds. A closing is also noticed with the next vote or percentage. */
const OPEN = 40_000;
const NOT_OPEN = 15_000;
/** The moment of opening is not missed by more, and not everybody asks in the same one. */
const ABOUT_TO_OPEN = 1_500;

/** What the page is told after each look. */
export interface PollListener {
  onPoll(poll: WatchedPoll): void;
  onNone(): void;
  /** `delay`: milliseconds until the next look. */
  onUnreachable(failure: ApiFailure, delay: number): void;
}

function pauseAfter({ estado, opensIn }: WatchedPoll): number {
  if (estado === 'agendado' && opensIn < NOT_OPEN) return Math.max(opensIn, 0) + ABOUT_TO_OPEN * Math.random();
  return jitter(estado === 'aberto' ? OPEN : NOT_OPEN);
}

/** Looks at the current poll now and then while the page can be seen; `look` does so at once. */
export function createPollWatch(listener: PollListener): { look(): void } {
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
        return jitter(NOT_OPEN);
      }
      const delay = backoff(++failures, failure.retryAfter, Math.random());
      listener.onUnreachable(failure, delay);
      return delay;
    }
  }

  return { look: () => loop.start(once) };
}
