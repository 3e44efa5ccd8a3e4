import { percent } from './percent.ts';
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

/** Somebody leads, and two decimals do not show it. The public reads no counts, so it cannot be told by how many votes. */
const isTight = ({ participantes }: Standing, leader: number): boolean => {
  const most = participantes.find(({ numero }) => numero === leader)?.percentual;
  return participantes.some(({ numero, percentual }) => numero !== leader && percentual === most);
};

/** A headline beside the numbers: who is ahead, and at the end what that decided and with how much. */
export function headline(standing: Standing): string {
  const { kind, final, leader } = judge(standing);
  const { finalidade, participantes } = standing;
  if (kind === 'empty') return final ? 'A votação terminou sem votos' : 'Nenhum voto contado ainda';
  if (kind === 'tie') return final ? 'Deu empate' : 'Empate até agora';
  const { nome, percentual } = participantes.find(({ numero }) => numero === leader)!;
  const margin = isTight(standing, leader) ? ', por menos de 0,01 ponto' : '';
  if (!final) return leading(finalidade, nome) + margin;
  const won = decided(finalidade, nome);
  return (finalidade ? `${won} com ${percent(percentual)} dos votos` : won) + margin;
}

/** One sentence with the numbers, for ears. */
export function sentence(standing: Standing): string {
  const { kind, final, leader } = judge(standing);
  if (kind === 'empty') return `${headline(standing)}.`;
  if (kind === 'lead' && !final && !isTight(standing, leader)) return `Parcial: ${shares(standing)}.`;
  return `${headline(standing)}: ${shares(standing)}.`;
}
