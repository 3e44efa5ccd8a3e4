import { describe, expect, it } from '@jest/globals';

import { type DraftValues, differences, emptyValues, saving } from './draft-values.ts';

const person = (numero: number | null, nome: string) => ({ numero, nome, foto: null, foco: null });
const base: DraftValues = {
  ...emptyValues,
  titulo: 'Quem sai?',
  participantes: [person(1, 'Ana'), person(2, 'Bento'), person(3, 'Caio')],
};

describe('a save', () => {
  it('holds what was changed and nothing else', () => {
    expect(saving(base, base)).toEqual({});
    const people = [
      person(1, 'Ana'),
      { ...person(3, 'Caio'), foto: '/fotos/x', foco: { x: 1, y: 2 } },
      person(null, 'Dora'),
    ];
    const mine = { ...base, divulgacao: 'no-fim', encerra_em: '2030-01-01T20:00', participantes: people };
    expect(saving(base, mine)).toEqual({
      divulgacao: 'no-fim',
      encerra_em: '2030-01-01T23:00:00.000Z',
      participantes: [
        { numero: 1, nome: 'Ana', foto: null },
        { numero: 3, nome: 'Caio', foto: '/fotos/x', foco: { x: 1, y: 2 } },
        { nome: 'Dora' },
      ],
    });
    expect(saving({ ...base, abre_em: '2030-01-01T20:00' }, base)).toEqual({ abre_em: null });
  });

  it('is told before it is made', () => {
    const people = [
      person(1, 'Ana'),
      { ...person(2, 'Beto'), foto: '/fotos/x' },
      person(3, 'Caio'),
      person(null, 'Dora'),
    ];
    expect(differences(base, { ...base, participantes: people })).toEqual([
      'nome do participante 2',
      'foto do participante 2',
      'participante 4, novo',
    ]);
    expect(differences(base, { ...base, participantes: [person(1, 'Ana'), person(3, 'Caio')] })).toEqual([
      'participantes',
    ]);
    expect(differences(emptyValues, emptyValues)).toEqual([]);
  });
});
