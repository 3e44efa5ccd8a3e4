import { DomainError } from '../errors.ts';
import type { PollEvent } from '../events.ts';
import { assertChangeable } from './decide-participants.ts';
import type { Command, Stamp } from './decide.ts';
import { type Poll, isPastEnd } from './poll.ts';
import { checkedSchedule, sameSchedule } from './schedule.ts';

/** When a poll shall open and close; what is undefined stays as it is. */
export interface WantedTimes {
  readonly opensAt?: string | null | undefined;
  readonly closesAt?: string | null | undefined;
}

/** As part of a larger change. */
export function moveTimes({ opensAt, closesAt, at, by }: WantedTimes & Stamp, poll: Poll): PollEvent[] {
  if (opensAt === undefined && closesAt === undefined) return [];
  const { schedule: before = { opensAt: null, closesAt: null } } = poll;
  const next = {
    opensAt: opensAt === undefined ? before.opensAt : opensAt,
    closesAt: closesAt === undefined ? before.closesAt : closesAt,
  };
  return schedule({ type: 'SchedulePoll', ...next, at, by }, poll);
}

export function schedule(command: Command<'SchedulePoll'>, poll: Poll): PollEvent[] {
  assertChangeable(poll);
  const { at, by } = command;
  if (poll.status === 'open') assertRunning(poll, at);
  const next = checkedSchedule(command, poll.status === 'draft');
  if (sameSchedule(next, poll.schedule)) return [];
  return [{ type: 'PollScheduled', pollId: poll.id, ...next, scheduledAt: at, by }];
}

/** An end that has come is not moved any more: whoever was turned away then would have been told a lie. */
function assertRunning(poll: Poll, at: string): void {
  assertOpen(poll);
  if (isPastEnd(poll, Date.parse(at))) throw new DomainError('poll-not-open', `the end of poll ${poll.id} has come`);
}

export function assertOpen({ id, status }: Poll): void {
  if (status !== 'open') throw new DomainError('poll-not-open', `poll ${id} is not open`);
}

export function pause({ at, by }: Command<'PausePoll'>, poll: Poll): PollEvent[] {
  assertRunning(poll, at);
  return poll.pausedAt === undefined ? [{ type: 'PollPaused', pollId: poll.id, pausedAt: at, by }] : [];
}

export function resume({ at, by }: Command<'ResumePoll'>, poll: Poll): PollEvent[] {
  assertRunning(poll, at);
  return poll.pausedAt === undefined ? [] : [{ type: 'PollResumed', pollId: poll.id, resumedAt: at, by }];
}
