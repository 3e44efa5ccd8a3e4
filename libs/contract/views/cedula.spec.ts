import { describe, expect, it } from '@jest/globals';

import { cedulaOf } from './cedula.ts';

const [ana, bento] = [
  { number: 1, name: 'Ana' },
  { number: 2, name: 'Bento' },
];
const poll = { id: '7', participants: [ana, bento] };
const cedula = cedulaOf(poll);

describe('a cédula', () => {
  it('names the poll, and says the same in every process', () => {
    expect(cedula).toBe('7-d561064c');
    expect(cedulaOf(structuredClone(poll))).toBe(cedula);
  });

  it.each([
    ['another poll', { ...poll, id: '8' }],
    [
      'exchanged names',
      {
        ...poll,
        participants: [
          { ...ana, name: 'Bento' },
          { ...bento, name: 'Ana' },
        ],
      },
    ],
    ['a corrected name', { ...poll, participants: [{ ...ana, name: 'Anna' }, bento] }],
    ['a photo', { ...poll, participants: [{ ...ana, photo: 'c0ffee' }, bento] }],
    ['an exchanged photo', { ...poll, participants: [ana, { ...bento, photo: 'c0ffee' }] }],
    ['a purpose', { ...poll, purpose: 'eliminar' as const }],
    ['a policy', { ...poll, policy: 'no-fim' as const }],
    ['rules', { ...poll, rules: 'Quem tiver mais votos sai.' }],
    ['one more', { ...poll, participants: [ana, bento, { number: 3, name: 'Carla' }] }],
  ])('is another one with %s', (_what, changed) => {
    expect(cedulaOf(changed)).not.toBe(cedula);
  });
});
