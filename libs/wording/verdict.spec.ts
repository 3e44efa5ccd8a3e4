import { describe, expect, it } from '@jest/globals';
import { headline, judge, sentence } from './verdict.ts';

const standing = (
  first: number,
  second: number,
  rest: { final?: boolean; sem_votos?: boolean; lider?: number | null } = {},
) => ({
  finalidade: null,
  sem_votos: false,
  final: false,
  lider: first === second ? null : first > second ? 1 : 2,
  ...rest,
  participantes: [
    { numero: 1, nome: 'Ana', percentual: first },
    { numero: 2, nome: 'Beto', percentual: second },
  ],
});

describe('the verdict', () => {
  it.each([
    ['a lead', standing(51.2, 48.8), { kind: 'lead', leader: 1, final: false }, 'Parcial: Ana 51,20%, Beto 48,80%.'],
    [
      'a winner',
      standing(40, 60, { final: true }),
      { kind: 'lead', leader: 2, final: true },
      'Beto recebeu mais votos: Ana 40,00%, Beto 60,00%.',
    ],
    [
      'a tie so far',
      standing(50, 50),
      { kind: 'tie', leader: 0, final: false },
      'Empate até agora: Ana 50,00%, Beto 50,00%.',
    ],
    [
      'a tie',
      standing(50, 50, { final: true }),
      { kind: 'tie', leader: 0, final: true },
      'Deu empate: Ana 50,00%, Beto 50,00%.',
    ],
    [
      'a lead that no decimal shows',
      standing(50, 50, { final: true, lider: 2 }),
      { kind: 'lead', leader: 2, final: true },
      'Beto recebeu mais votos, por menos de 0,01 ponto: Ana 50,00%, Beto 50,00%.',
    ],
    [
      'a lead so far that no decimal shows',
      standing(50, 50, { lider: 1 }),
      { kind: 'lead', leader: 1, final: false },
      'Ana está na frente, por menos de 0,01 ponto: Ana 50,00%, Beto 50,00%.',
    ],
    [
      'no votes yet',
      standing(0, 0, { sem_votos: true }),
      { kind: 'empty', leader: 0, final: false },
      'Nenhum voto contado ainda.',
    ],
    [
      'no votes at all',
      standing(0, 0, { sem_votos: true, final: true }),
      { kind: 'empty', leader: 0, final: true },
      'A votação terminou sem votos.',
    ],
  ])('of %s', (_, result, verdict, text) => {
    expect(judge(result)).toEqual(verdict);
    expect(sentence(result)).toBe(text);
  });
});

describe('the headline of a poll that says what it is for', () => {
  it.each([
    ['eliminar', 'Beto tem mais votos para sair', 'O público eliminou Beto com 61,20% dos votos'],
    ['ficar', 'Beto tem mais votos para ficar', 'Beto fica com 61,20% dos votos'],
    ['vencer', 'Beto está na frente', 'Beto venceu com 61,20% dos votos'],
  ] as const)('%s', (finalidade, soFar, atTheEnd) => {
    expect(headline({ ...standing(38.8, 61.2), finalidade })).toBe(soFar);
    expect(headline({ ...standing(38.8, 61.2, { final: true }), finalidade })).toBe(atTheEnd);
    expect(headline({ ...standing(50, 50, { final: true }), finalidade })).toBe('Deu empate');
  });
});
