import { percent } from './format.ts';
import { type Purpose, decided, leading } from './purpose.ts';
import type { Participant, Result } from '#contract';

/** What a result means: who is ahead (0 = no one), and whether that is final. `held`: it does not say. */
export interface Verdict {
  readonly kind: 'held' | 'empty' | 'tie' | 'lead';
  readonly final: boolean;
  /** Slot of the one with more votes; 0 in a tie or when there are no votes. */
  readonly leader: number;
}

/** The part of a result that a verdict is made of, once it shows its numbers. */
export interface Standing {
  readonly finalidade: Purpose;
  readonly sem_votos: boolean;
  readonly lider: number | null;
  readonly final: boolean;
  readonly participantes: readonly (Participant & { readonly percentual: number })[];
}

/** Judges by who leads, not by the shares: a lead of a few votes among millions shows in no decimal. */
export function judge({ sem_votos, final, lider }: Pick<Result, 'sem_votos' | 'final' | 'lider'>): Verdict {
  if (sem_votos === null) return { kind: 'held', final, leader: 0 };
  if (sem_votos) return { kind: 'empty', final, leader: 0 };
  if (lider === null) return { kind: 'tie', final, leader: 0 };
  return { kind: 'lead', final, leader: lider };
}

/** "Fulana 51,20%, Beltrano 48,80%" */
const shares = (standing: Standing): string =>
  standing.participantes.map(({ nome, percentual }) => `${nome} ${percent(percentual)}`).join(', ');

/** A headline beside the numbers: who is ahead, and at the end what that decided and with how much. */
export function headline(standing: Standing): string {
  const { kind, final, leader } = judge(standing);
  const { finalidade, participantes } = standing;
  if (kind === 'empty') return final ? 'A votação terminou sem votos' : 'Nenhum voto contado ainda';
  if (kind === 'tie') return final ? 'Deu empate' : 'Empate até agora';
  const { nome, percentual } = participantes.find(({ numero }) => numero === leader)!;
  if (!final) return leading(finalidade, nome);
  const won = decided(finalidade, nome);
  return finalidade ? `${won} com ${percent(percentual)} dos votos` : won;
}

/** One sentence with the numbers, for ears. */
export function sentence(standing: Standing): string {
  const { kind, final } = judge(standing);
  if (kind === 'empty') return `${headline(standing)}.`;
  if (kind === 'lead' && !final) return `Parcial: ${shares(standing)}.`;
  return `${headline(standing)}: ${shares(standing)}.`;
}
