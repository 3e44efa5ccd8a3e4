import { expect, it } from '@jest/globals';
import { initialsOf } from './initials.ts';

it.each([
  ['Aurora Estrela', 'AE'],
  ['José', 'J'],
  ['Maria Eduarda dos Santos', 'MS'],
  ['íris d’Ávila', 'ÍÁ'],
  ['👑 Rainha', 'R'],
  ['👑', ''],
])('%j has the initials %j', (name, initials) => {
  expect(initialsOf(name)).toBe(initials);
});
