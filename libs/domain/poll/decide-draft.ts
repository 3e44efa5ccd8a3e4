import type { PollEvent } from '../events.ts';
import { assertDraft } from './decide-participants.ts';
import { changePeople } from './decide-people.ts';
import { moveTimes } from './decide-times.ts';
import type { Command } from './decide.ts';
import { MAX_TITLE_LENGTH, type Poll } from './poll.ts';
import { MAX_RULES_LENGTH } from './purpose.ts';
import { checkedRules, checkedText } from './text.ts';

/** All of it or nothing. */
export function describeDraft(command: Command<'DescribeDraft'>, poll: Poll): PollEvent[] {
  const { at, by, title, purpose, rules, policy } = command;
  assertDraft(poll);
  const [pollId, stamp] = [poll.id, { changedAt: at, by }];
  const events: PollEvent[] = [];
  const before = poll.rules ?? '';
  const next = {
    title: title === undefined ? poll.title : checkedText(title, MAX_TITLE_LENGTH, 'invalid-title'),
    rules: rules === undefined ? before : checkedRules(rules, MAX_RULES_LENGTH),
  };
  if (next.title !== poll.title) events.push({ type: 'TitleChanged', pollId, title: next.title, ...stamp });
  if (purpose !== undefined && purpose !== poll.purpose)
    events.push({ type: 'PurposeChanged', pollId, purpose, ...stamp });
  if (next.rules !== before) events.push({ type: 'RulesChanged', pollId, rules: next.rules, ...stamp });
  if (policy !== undefined && policy !== poll.policy) events.push({ type: 'PolicyChanged', pollId, policy, ...stamp });
  return [...events, ...changePeople(command, poll), ...moveTimes(command, poll)];
}

export function discardDraft({ at, by }: Command<'DiscardDraft'>, poll: Poll): PollEvent[] {
  assertDraft(poll);
  return [{ type: 'DraftDiscarded', pollId: poll.id, discardedAt: at, by }];
}
