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
  assertDraft(poll);
  return [...changeMeaning(command, poll), ...changePeople(command, poll), ...moveTimes(command, poll)];
}

/** What is undefined stays as it is. */
function changeMeaning({ at, by, ...wanted }: Command<'DescribeDraft'>, poll: Poll): PollEvent[] {
  const before = { rules: '', replaces: '', ...poll };
  const { title = before.title, purpose, rules = before.rules, policy, replaces = before.replaces } = wanted;
  const common = { pollId: poll.id, changedAt: at, by };
  const changes: { readonly [Key in keyof typeof before]?: PollEvent } = {
    title: { type: 'TitleChanged', ...common, title: checkedText(title, MAX_TITLE_LENGTH, 'invalid-title') },
    ...(purpose !== undefined && { purpose: { type: 'PurposeChanged', ...common, purpose } }),
    rules: { type: 'RulesChanged', ...common, rules: checkedRules(rules, MAX_RULES_LENGTH) },
    ...(policy !== undefined && { policy: { type: 'PolicyChanged', ...common, policy } }),
    replaces: { type: 'ReplacesChanged', ...common, replaces },
  };
  return Object.entries(changes).flatMap(([key, event]) => {
    const said = event as unknown as Readonly<Record<string, unknown>>;
    return said[key] === (before as unknown as Readonly<Record<string, unknown>>)[key] ? [] : [event];
  });
}

export function discardDraft({ at, by }: Command<'DiscardDraft'>, poll: Poll): PollEvent[] {
  assertDraft(poll);
  return [{ type: 'DraftDiscarded', pollId: poll.id, discardedAt: at, by }];
}
