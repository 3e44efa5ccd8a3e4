import { describe, expect, it } from '@jest/globals';

import type { Result } from '#contract';
import { ofResult, ofVote } from './share-text.ts';

const result = (change: Partial<Result>): Result =>
  ({
    ...{ paredao: '7', titulo: 'Quem sai?', finalidade: 'eliminar', estado: 'aberto', final: false },
    ...{ parcial_para: 'todos', parcial_visivel: true, sem_votos: false, lider: 1 },
    participantes: [
      { numero: 1, nome: 'Ana', percentual: 51.2 },
      { numero: 2, nome: 'Bento', percentual: 48.8 },
    ],
    ...change,
  }) as Result;

describe('what is shared', () => {
  it('of a vote is whom it was for, and a link to the poll', () => {
    expect(ofVote('7', 'Quem sai?', 'para eliminar Ana')).toEqual({
      text: 'Votei para eliminar Ana em “Quem sai?”. Vote também:',
      path: '/?paredao=7',
    });
  });

  it.each([
    ['for everybody', {}, '“Quem sai?”. Parcial: Ana 51,20%, Bento 48,80%.'],
    ['for who has voted, and shown to one', { parcial_para: 'quem-votou' }, '“Quem sai?”. Vote:'],
    ['for nobody', { parcial_para: 'ninguem', parcial_visivel: false }, '“Quem sai?”. Vote:'],
    [
      'held after the end',
      { estado: 'encerrado', parcial_para: 'ninguem', parcial_visivel: false },
      '“Quem sai?”: votação encerrada. O resultado sai aqui:',
    ],
    [
      'proclaimed',
      { estado: 'proclamado', final: true },
      '“Quem sai?”. O público eliminou Ana com 51,20% dos votos: Ana 51,20%, Bento 48,80%.',
    ],
    ['annulled', { estado: 'anulado', parcial_para: 'ninguem', parcial_visivel: false }, '“Quem sai?” foi anulado:'],
  ] as const)('of a result that is %s', (_, change, text) => {
    const shared = ofResult(result(change));

    expect(shared.text).toBe(text);
    expect(shared.path).toMatch(/^\/(resultado\.html)?\?paredao=7$/);
  });
});
