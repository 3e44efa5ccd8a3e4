import { describe, expect, it } from '@jest/globals';

import type { PollSummary } from '#contract';

import { madeUp } from './made-up.ts';

const poll = {
  ...{ id: '7', titulo: 'Quem sai?', finalidade: 'eliminar', encerra_em: null },
  participantes: ['Ana', 'Bento', 'Caio'].map((nome, index) => ({ numero: index + 1, nome })),
} as unknown as PollSummary;
const at = '2030-01-01T00:00:00.000Z';
const scoreIn = (modo: 'contagem' | 'parcial' | 'suspense' | 'revelacao', leader = 1) =>
  madeUp(poll, { modo, leader, at }).placar;

describe('a stage of a draft', () => {
  it('has numbers only where the real one has them, and in the part so far the same for all', () => {
    expect([scoreIn('contagem'), scoreIn('suspense')]).toEqual([null, null]);
    expect(scoreIn('parcial')).toMatchObject({ percentuais: [33.34, 33.33, 33.33], primeiros: [] });
  });

  it('reveals whoever is wanted last', () => {
    expect(scoreIn('revelacao', 2)).toEqual({ percentuais: [25, 50, 25], ordem: [1, 3, 2], primeiros: [2] });
  });

  it('leads to the rehearsal that it is, and to no other page', () => {
    expect(madeUp(poll, { modo: 'contagem', leader: 1, at }).caminho).toBe('/');
    const rehearsal = madeUp({ ...poll, ensaio: true, chave: 'k' }, { modo: 'contagem', leader: 1, at });
    expect(rehearsal).toMatchObject({ ensaio: true, caminho: '/?paredao=7&chave=k' });
  });
});
