import type { PollState } from './wire.ts';

const texts: Record<PollState, string> = { aberto: 'Ao vivo', encerrado: 'Encerrado', apurado: 'Resultado final' };

/** What the seal beside a poll's title says. */
export const sealText = (state: PollState): string => texts[state];
