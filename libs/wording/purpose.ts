import type { Poll } from '#contract';

/** What the public votes for; null for polls of earlier versions, which did not say. */
export type Purpose = Poll['finalidade'];

const questions = {
  eliminar: 'Quem você quer eliminar?',
  ficar: 'Quem deve ficar?',
  vencer: 'Quem deve vencer?',
} as const;

/** What the ballot asks. */
export const question = (purpose: Purpose): string => (purpose ? questions[purpose] : 'Em quem você vota?');

/** "Votação para eliminar"; nothing where nobody said. */
export const described = (purpose: Purpose): string => (purpose ? `Votação para ${purpose}` : '');

/** What a vote for somebody is, behind "votar" or "voto": "para eliminar Ana", "para Bento ficar", "em Ana". */
export function aim(purpose: Purpose, name: string): string {
  if (purpose === 'eliminar') return `para eliminar ${name}`;
  return purpose ? `para ${name} ${purpose}` : `em ${name}`;
}

const leads = {
  eliminar: 'tem mais votos para sair',
  ficar: 'tem mais votos para ficar',
  vencer: 'está na frente',
} as const;

/** Who has most votes so far, in a word or two that fit what they are for. */
export const leading = (purpose: Purpose, name: string): string =>
  `${name} ${purpose ? leads[purpose] : 'está na frente'}`;

/** What the vote decided. No word of it says whether somebody is a man or a woman: nobody told us. */
export function decided(purpose: Purpose, name: string): string {
  if (purpose === 'eliminar') return `O público eliminou ${name}`;
  if (purpose === 'ficar') return `${name} fica`;
  return purpose === 'vencer' ? `${name} venceu` : `${name} recebeu mais votos`;
}
