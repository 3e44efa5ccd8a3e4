import { percent } from './format.ts';
import type { ParticipantShare } from '#contract';

/** What a result means: who is ahead (0 = no one), and whether that is final. */
export interface Verdict {
  readonly kind: 'empty' | 'tie' | 'lead';
  readonly final: boolean;
  /** Slot of the one with more votes; 0 in a tie or when there are no votes. */
  readonly leader: number;
}

/** The part of a result that a verdict is made of. */
export interface Standing {
  readonly sem_votos: boolean;
  readonly lider: number | null;
  readonly final: boolean;
  readonly participantes: readonly ParticipantShare[];
}

/** Judges by who leads, not by the shares: a lead of a few votes among millions shows in no decimal. */
export function judge({ sem_votos, final, lider }: Omit<Standing, 'participantes'>): Verdict {
  if (sem_votos) return { kind: 'empty', final, leader: 0 };
  if (lider === null) return { kind: 'tie', final, leader: 0 };
  return { kind: 'lead', final, leader: lider };
}

/** "Fulana 51,20%, Beltrano 48,80%" */
const shares = (standing: Standing): string =>
  standing.participantes.map(({ nome, percentual }) => `${nome} ${percent(percentual)}`).join(', ');

/** A headline beside the numbers: who is ahead, without repeating them. */
export function headline(standing: Standing): string {
  const { kind, final, leader } = judge(standing);
  if (kind === 'empty') return final ? 'A votação terminou sem votos' : 'Nenhum voto contado ainda';
  if (kind === 'tie') return final ? 'Deu empate' : 'Empate até agora';
  const name = standing.participantes.find(({ numero }) => numero === leader)?.nome ?? '';
  return `${name} ${final ? 'recebeu mais votos' : 'está na frente'}`;
}

/** One sentence with the numbers, for ears. */
export function sentence(standing: Standing): string {
  const { kind, final } = judge(standing);
  if (kind === 'empty') return `${headline(standing)}.`;
  if (kind === 'lead' && !final) return `Parcial: ${shares(standing)}.`;
  return `${headline(standing)}: ${shares(standing)}.`;
}
