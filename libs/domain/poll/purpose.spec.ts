import { describe, expect, it, test } from '@jest/globals';

import {
  MAX_RULES_LENGTH,
  type PollCommand,
  type PollEvent,
  decide,
  decodePollEvent,
  encodePollEvent,
} from '../index.ts';
import { given, pollAfter, refusalOf } from '../testing/poll-specification.ts';

const at = '2026-11-23T22:00:00.000Z';
const later = '2026-11-23T23:00:00.000Z';
const by = 'ana';
const pollId = '1';
const key = { hash: '0f'.repeat(32), hex: 'f0'.repeat(32) };
const participants = [
  { number: 1, name: 'Ana' },
  { number: 2, name: 'Bento' },
];
const making = { pollId, title: 'Quem sai?', names: ['Ana', 'Bento'], at, by } as const;
const meaning = { purpose: 'eliminar', rules: 'Vote à vontade.\n\nQuem tiver mais votos sai.' } as const;
const drafted: PollEvent = { type: 'PollDrafted', pollId, title: 'Quem sai?', participants, draftedAt: at, by };
const openDraft: PollCommand = { type: 'OpenDraft', at: later, by };
const describeDraft = (what: object): PollCommand => ({ type: 'DescribeDraft', at: later, by, ...what });

describe('what a vote means', () => {
  it('is part of the opening, and of the draft before it', () => {
    const opened = decide({ type: 'OpenPoll', ...making, ...meaning }, undefined, key);
    expect(opened).toMatchObject([{ type: 'PollOpened', ...meaning }]);
    expect(pollAfter(...opened)).toMatchObject(meaning);

    const draft = decide({ type: 'DraftPoll', ...making, ...meaning }, undefined, key);
    expect(draft).toMatchObject([{ type: 'PollDrafted', ...meaning }]);
    expect(decide(openDraft, pollAfter(...draft), key)).toMatchObject([{ type: 'PollOpened', ...meaning }]);
  });

  it('is not guessed where nobody says it', () => {
    const [opened] = decide(openDraft, pollAfter(drafted), key);
    expect(opened).not.toHaveProperty('purpose');
    expect(opened).not.toHaveProperty('rules');
  });

  it('is left out of a poll of version 1, whose events have no place for it', () => {
    const [opened] = decide({ type: 'OpenPoll', ...making, ...meaning }, undefined);
    expect(encodePollEvent(opened!).version).toBe(1);
    expect(opened).not.toHaveProperty('purpose');
  });

  it('is stored and read again with the event', () => {
    for (const type of ['OpenPoll', 'DraftPoll'] as const) {
      const [event] = decide({ type, ...making, ...meaning }, undefined, key);
      expect(decodePollEvent(encodePollEvent(event!))).toEqual(event);
    }
  });

  it('changes while the poll is a draft, with its title, all of it or nothing', () => {
    const stamp = { pollId, changedAt: later, by };
    given(drafted)
      .when(describeDraft({ title: 'Quem fica?', purpose: 'ficar', rules: 'Vote.' }))
      .then(
        { type: 'TitleChanged', title: 'Quem fica?', ...stamp },
        { type: 'PurposeChanged', purpose: 'ficar', ...stamp },
        { type: 'RulesChanged', rules: 'Vote.', ...stamp },
      );
    given(drafted)
      .when(describeDraft({ title: ' ', purpose: 'ficar' }))
      .thenRefuses('invalid-title');
    given(drafted, { type: 'PurposeChanged', purpose: 'ficar', ...stamp })
      .when(describeDraft({ title: 'Quem sai?', purpose: 'ficar', rules: '' }))
      .thenNothing();
  });

  it('does not change once people vote', () => {
    const opened = decide({ type: 'OpenPoll', ...making, ...meaning }, undefined, key);
    given(...opened)
      .when(describeDraft({ purpose: 'vencer' }))
      .thenRefuses('poll-not-draft');
  });

  it('may lose its rules again', () => {
    const rules = { type: 'RulesChanged', pollId, rules: 'Vote.', changedAt: at, by } as const;
    given(drafted, rules)
      .when(describeDraft({ rules: ' \n ' }))
      .then({ ...rules, rules: '', changedAt: later });
    expect(pollAfter(drafted, rules, { ...rules, rules: '' })).not.toHaveProperty('rules');
  });
});

describe('rules', () => {
  const stored = (rules: string): unknown =>
    (decide(describeDraft({ rules }), pollAfter(drafted))[0] as { rules?: string } | undefined)?.rules;

  test.each([
    ['lines of any system', 'um\r\ndois\rtrês\n', 'um\ndois\ntrês'],
    ['without spaces at the ends of lines', '  um  dois \n\t três', 'um dois\ntrês'],
    ['with one empty line at most', 'um\n\n\n \n\ndois', 'um\n\ndois'],
    ['composed, without what nobody sees', 'A\u0303\u200b', 'Ã'],
  ])('are stored as %s', (_how, typed, expected) => {
    expect(stored(typed)).toBe(expected);
  });

  test.each(['a'.repeat(MAX_RULES_LENGTH + 1), 'um\n\u202esiod', 'um\u0000', '\ud800'])(
    'are refused when %#',
    (rules) => {
      expect(refusalOf(() => stored(rules))).toBe('invalid-rules');
    },
  );

  it('may be as long as is allowed', () => {
    expect(stored(`${'a'.repeat(MAX_RULES_LENGTH - 2)}\nb`)).toHaveLength(MAX_RULES_LENGTH);
  });
});
