import type { ApiFailure } from './failure.ts';

/** Why a vote waits: for the server, for its turn because this network asks for much, or for an answer at all. */
export type WaitReason = 'busy' | 'crowded' | 'network';

/** What to do after a failed try. `delay` is in milliseconds. */
export type Decision =
  | { readonly action: 'retry'; readonly delay: number; readonly reason: WaitReason }
  | { readonly action: 'await-online' }
  | { readonly action: 'renew' }
  | { readonly action: 'closed' }
  | { readonly action: 'paused' }
  /** The voter saw another ballot than the one that is open. */
  | { readonly action: 'changed' }
  | { readonly action: 'reload' }
  | { readonly action: 'give-up'; readonly reason: WaitReason | 'refused' };

/** `tries` made so far (1 after the first), `renewals` = challenges already replaced during this vote. */
export interface Progress {
  readonly tries: number;
  readonly renewals: number;
}

/** Tries of one vote before the page asks the voter whether to go on. */
export const MAX_TRIES = 6;

const BACKOFF_SECONDS = [1, 2, 4, 8, 15];
const JITTER = 0.3;

/**
 * Milliseconds to wait before try number `tries` + 1: the longer of the server's wish and our own doubling back-off, plus up to
 * 30 % so that the phones of a whole country do not come back in the same instant. `random` is in [0, 1).
 */
export function backoff(tries: number, retryAfter: number | null, random: number): number {
  const own = BACKOFF_SECONDS[Math.min(tries, BACKOFF_SECONDS.length) - 1] ?? 1;
  return Math.round(Math.max(own, retryAfter ?? 0) * 1_000 * (1 + JITTER * random));
}

/** 429 is about this address, whoever else votes. */
const waitReason = (failure: ApiFailure): WaitReason => {
  if (failure.status === 429) return 'crowded';
  return failure.status >= 500 ? 'busy' : 'network';
};

const isBusy = (failure: ApiFailure): boolean => failure.status === 429 || failure.status >= 500;

function forRefusal({ code, status }: ApiFailure, { renewals }: Progress): Decision {
  if (code === 'poll-not-open') return { action: 'closed' };
  if (code === 'poll-paused') return { action: 'paused' };
  if (code === 'poll-changed') return { action: 'changed' };
  if (code === 'participant-not-found' || code === 'poll-not-found') return { action: 'reload' };
  const spent = code.startsWith('human-check-') || code === 'captcha-invalid' || status === 400;
  if (spent && renewals === 0) return { action: 'renew' };
  return { action: 'give-up', reason: 'refused' };
}

/**
 * One table for all failures of a vote or of its challenge. The same solved challenge is sent again after 429, 5xx and
 * lost answers (the server counts it once); only a challenge that the server refused is replaced, and only once.
 */
export function decide(failure: ApiFailure, progress: Progress, random: number): Decision {
  if (failure.kind === 'offline') return { action: 'await-online' };
  if (failure.kind === 'refused' && !isBusy(failure)) return forRefusal(failure, progress);
  const reason = waitReason(failure);
  if (progress.tries >= MAX_TRIES) return { action: 'give-up', reason };
  return { action: 'retry', delay: backoff(progress.tries, failure.retryAfter, random), reason };
}
