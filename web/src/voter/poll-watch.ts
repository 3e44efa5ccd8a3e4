import { fetchPoll } from './voter-api.ts';
import { asFailure, type ApiFailure } from '../shared/failure.ts';
import { backoff } from '../shared/retry.ts';
import { createLoop, jitter } from '../shared/timing.ts';
import type { Poll } from '#contract';

/** A poll as it was read: `opensIn` is the milliseconds until it opens, if it does so by itself. */
export type WatchedPoll = Poll & { readonly opensIn: number };

/** Between two looks, in milliseconds: with its jitter, a new ballot is heard of within 10 s. That a vote is for it, the server sees to. */
const INTERVAL = 8_000;
/** The moment of opening is not missed by more, and not everybody asks in the same one. */
const ABOUT_TO_OPEN = 1_500;

/** What the page learns after each look. */
export interface PollListener {
  onPoll(poll: WatchedPoll): void;
  onNone(): void;
  /** `delay`: milliseconds until the next look. */
  onUnreachable(failure: ApiFailure, delay: number): void;
}

function pauseAfter({ estado, opensIn }: WatchedPoll): number {
  if (estado === 'agendado' && opensIn < INTERVAL) return Math.max(opensIn, 0) + ABOUT_TO_OPEN * Math.random();
  return jitter(INTERVAL);
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
        return jitter(INTERVAL);
      }
      const delay = backoff(++failures, failure.retryAfter, Math.random());
      listener.onUnreachable(failure, delay);
      return delay;
    }
  }

  return { look: () => loop.start(once) };
}
