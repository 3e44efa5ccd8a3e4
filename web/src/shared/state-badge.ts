import type { PollState } from './api-types.ts';

const texts: Record<PollState, string> = {
  rascunho: 'Rascunho',
  agendado: 'Em breve',
  aberto: 'Ao vivo',
  encerrado: 'Encerrado',
  apurado: 'Resultado final',
};

/** What to show of a state: a result can be final a moment before the poll is known to be sealed. */
export const shownState = ({ estado, final }: { estado: PollState; final: boolean }): PollState =>
  final ? 'apurado' : estado;

/** What the seal beside a poll's title says. */
export const sealText = (state: PollState): string => texts[state];
