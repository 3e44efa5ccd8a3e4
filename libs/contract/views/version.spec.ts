import { describe, expect, it } from '@jest/globals';

import type { Poll } from '#domain';

import { cedulaOf } from './cedula.ts';
import { versionOf } from './version.ts';

const poll: Poll = {
  ...{ id: '7', title: 'Quem sai?', status: 'draft', openedAt: null, closedAt: null },
  participants: [
    { number: 1, name: 'Ana' },
    { number: 2, name: 'Bento', photo: 'c0ffee' },
  ],
};
const version = versionOf(poll);

describe('a version', () => {
  it('says the same in every process, whatever was decided first', () => {
    expect(version).toMatch(/^[0-9a-f]{16}$/);
    const shuffled = Object.fromEntries(Object.entries(structuredClone(poll)).toReversed()) as unknown as Poll;
    expect(versionOf(shuffled)).toBe(version);
  });

  it.each<[string, Partial<Poll>]>([
    ['title', { title: 'Quem fica?' }],
    ['time', { schedule: { opensAt: null, closesAt: '2026-11-24T01:00:00.000Z', by: 'ana' } }],
    ['purpose', { purpose: 'eliminar' }],
    ['set of rules', { rules: 'Vote.' }],
    ['order of the names', { participants: poll.participants.toReversed() }],
    ['focus', { participants: [poll.participants[0]!, { ...poll.participants[1]!, focus: { x: 1, y: 2 } }] }],
  ])('is another one with another %s', (_what, change) => {
    expect(versionOf({ ...poll, ...change })).not.toBe(version);
  });
});

describe('a cédula', () => {
  it('stays with another focus: a photo that is cut in another way on air takes no vote back', () => {
    const focused = { ...poll, participants: poll.participants.map((one) => ({ ...one, focus: { x: 1, y: 2 } })) };
    expect(cedulaOf(focused)).toBe(cedulaOf(poll));
  });
});
