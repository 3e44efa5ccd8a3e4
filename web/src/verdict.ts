import { percent } from './format.ts';
import type { ParticipantShare } from './wire.ts';

/** What a result amounts to, for the eye: who is ahead (0 = nobody), and whether that is the last word. */
export interface Verdict {
  readonly kind: 'empty' | 'tie' | 'lead';
  readonly final: boolean;
  /** Slot of the one with more votes; 0 in a tie or when there are no votes. */
  readonly leader: number;
}

/** The part of a result that a verdict is made of. */
export interface Standing {
  readonly semVotos: boolean;
  readonly final: boolean;
  readonly participantes: readonly ParticipantShare[];
}

/** Judges by the published shares (two decimals): nobody sees a difference that the numbers do not show. */
export function judge({ semVotos, final, participantes }: Standing): Verdict {
  if (semVotos) return { kind: 'empty', final, leader: 0 };
  const [first, second] = participantes;
  const difference = (first?.percentual ?? 0) - (second?.percentual ?? 0);
  if (difference === 0) return { kind: 'tie', final, leader: 0 };
  return { kind: 'lead', final, leader: (difference > 0 ? first?.numero : second?.numero) ?? 0 };
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
