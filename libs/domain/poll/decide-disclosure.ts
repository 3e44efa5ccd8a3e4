import { DomainError } from '../errors.ts';
import type { PollEvent } from '../events.ts';
import { assertOpen } from './decide-times.ts';
import type { Command } from './decide.ts';
import type { Poll } from './poll.ts';

export function showShares({ at, by }: Command<'ShowShares'>, poll: Poll): PollEvent[] {
  assertOnCue(poll);
  return poll.shown === true ? [] : [{ type: 'SharesShown', pollId: poll.id, shownAt: at, by }];
}

export function hideShares({ at, by }: Command<'HideShares'>, poll: Poll): PollEvent[] {
  assertOnCue(poll);
  return poll.shown === true ? [{ type: 'SharesHidden', pollId: poll.id, hiddenAt: at, by }] : [];
}

/** @throws DomainError `poll-not-open`, or `shares-not-on-cue` where the policy decides by itself who sees them */
function assertOnCue(poll: Poll): void {
  assertOpen(poll);
  if (poll.policy !== 'sob-comando') throw new DomainError('shares-not-on-cue', `poll ${poll.id} has another policy`);
}
