import { DomainError } from '../errors.ts';
import type { PollEvent } from '../events.ts';
import type { Command } from './decide.ts';
import { type Poll, wasOpened } from './poll.ts';
import { isProclaimed } from './proclaimed.ts';
import { FIRST_STAGE_MODE } from './stage.ts';

/** Nothing happens if the wall shows that already: two may press at once, and a reveal does not begin again. */
export function cueStage({ mode, at, by }: Command<'CueStage'>, poll: Poll): PollEvent[] {
  if (!wasOpened(poll)) throw new DomainError('poll-not-open', `poll ${poll.id} was never opened`);
  if (mode === 'revelacao' && !isProclaimed(poll)) {
    throw new DomainError('poll-not-proclaimed', `the result of poll ${poll.id} is not proclaimed`);
  }
  if (mode === (poll.stage?.mode ?? FIRST_STAGE_MODE)) return [];
  return [{ type: 'StageCued', pollId: poll.id, mode, cuedAt: at, by }];
}
