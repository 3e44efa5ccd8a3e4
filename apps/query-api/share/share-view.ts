import type { PollState, Result } from '#contract';
import { pollView } from '#contract/views';
import type { Poll } from '#domain';
import { type TallyOf, isOpened } from '#read-model';
import { described, headline } from '#wording';

import { resultView } from '../results/results.ts';

/** What whoever is sent a link to a poll reads before opening it. */
export interface ShareView {
  readonly paredao: string;
  readonly titulo: string;
  /** "Votação para eliminar"; nothing where nobody said. */
  readonly finalidade: string;
  readonly estado: PollState;
  /** In a few words, what is to be done or what came of it. */
  readonly chamada: string;
  readonly participantes: readonly { numero: number; nome: string; percentual: number | null; lidera: boolean }[];
}

const CALLS: Record<PollState, string> = {
  rascunho: '',
  descartado: '',
  agendado: 'Em breve',
  aberto: 'Vote agora',
  encerrado: 'Votação encerrada',
  conferido: 'Votação encerrada',
  proclamado: 'Resultado final',
  anulado: 'Paredão anulado',
};

/** Numbers only of a result that was proclaimed: pictures stay in chats, and a share of an open poll would be old there. */
export function shareView(tally: TallyOf<Poll>): ShareView {
  const { id, titulo, finalidade, estado, participantes } = pollView(tally.snapshot.poll);
  const result = estado === 'proclamado' && isOpened(tally) ? resultView(tally, false) : undefined;
  return {
    paredao: id,
    titulo,
    finalidade: described(finalidade),
    estado,
    chamada: result ? headline(result as Shown) : CALLS[estado],
    participantes: participantes.map(({ numero, nome }, index) => ({
      numero,
      nome,
      percentual: result?.participantes[index]?.percentual ?? null,
      lidera: result?.lider === numero,
    })),
  };
}

/** A result that shows its numbers. */
type Shown = Parameters<typeof headline>[0] & Result;
