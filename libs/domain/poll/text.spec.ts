import { describe, expect, test } from '@jest/globals';

import { checkedText, isAlike } from './text.ts';

const name = (text: string): string => checkedText(text, 10, 'invalid-name');

describe('a text is stored', () => {
  test.each([
    ['composed', 'Ana\u0303', 'Anã'],
    ['without spaces around it', ' \u00a0Ana\u3000 ', 'Ana'],
    ['with single spaces', 'Ana \u2003\u00a0 Bia', 'Ana Bia'],
    ['without a space of no width', 'A\u200bn\u2060a\ufeff', 'Ana'],
    ['without a soft hyphen', 'A\u00adna', 'Ana'],
    ['without marks of direction', 'A\u200en\u200fa\u061c', 'Ana'],
    ['without joiners that join nothing', 'A\u200dna\u200c', 'Ana'],
    ['without fillers', 'Ana\u3164\u115f\u{e0041}', 'Ana'],
    ['without variants of letters', 'A\ufe0fna\ufe00', 'Ana'],
    ['with an emoji of several parts', '👩‍🚀 ❤️', '👩‍🚀 ❤️'],
  ])('%s', (_how, typed, stored) => {
    expect(name(typed)).toBe(stored);
  });

  test('when it has as many characters as are allowed, however many bytes or accents they came in', () => {
    expect(name('a\u0303'.repeat(10))).toBe('ã'.repeat(10));
    expect(name('🗳'.repeat(10))).toBe('🗳'.repeat(10));
    expect(name(`${'a'.repeat(10)}${'\u200b'.repeat(50)}`)).toBe('a'.repeat(10));
  });

  test.each([
    'a'.repeat(11),
    '🗳'.repeat(11),
    '',
    ' ',
    '\u200b\u2060',
    '\u3164',
    '\u202eanA',
    'A\nB',
    'A\u0000',
    '\ud800',
  ])('and not at all when it is %j', (text) => {
    expect(() => name(text)).toThrow(expect.objectContaining({ code: 'invalid-name' }));
  });
});

test.each([
  ['Ana', 'ana'],
  ['Ana Bia', 'AnaBia'],
  ['Ana', 'Ａｎａ'],
  ['ﬁlipa', 'filipa'],
  ['Ana', 'A\u200bna'],
  ['❤', '❤️'],
  ['Ana', 'Аnа'],
  ['Rosa', 'Rоѕа'],
  ['Otto', 'Οττο'],
  ['HELENA', 'НЕLЕNА'],
])('%s could be taken for %s', (one, other) => {
  expect(isAlike(one, other)).toBe(true);
});

test('accents tell names apart', () => {
  expect(isAlike('Ana', 'Anã')).toBe(false);
  expect(isAlike('Ирина', 'Илина')).toBe(false);
});
