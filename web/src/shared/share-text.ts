import { sentence } from '../../../libs/wording/verdict.ts';
import { shown } from './disclosure.ts';
import type { Result } from '#contract';

/** What goes out with a link. */
export interface Shared {
  readonly text: string;
  /** Of the page, from the origin on. It names the poll: who opens it later finds the one that was meant. */
  readonly path: string;
}

/**
 * After a vote: whom it was for, which is the voter's to tell. Nothing that was counted, and nothing of the vote itself.
 * @param whatFor as `aim` says it
 */
export const ofVote = (paredao: string, titulo: string, whatFor: string): Shared => ({
  text: `Votei ${whatFor} em “${titulo}”. Vote também:`,
  path: `/?paredao=${paredao}`,
});

/** Of the result as it is shown: numbers only where everybody sees them, whoever shares it. */
export function ofResult(result: Result): Shared {
  const { titulo, paredao, estado, parcial_para } = result;
  const path = `/resultado.html?paredao=${paredao}`;
  const standing = parcial_para === 'todos' ? shown(result) : undefined;
  if (estado === 'anulado') return { text: `“${titulo}” foi anulado:`, path };
  if (standing) return { text: `“${titulo}”. ${sentence(standing)}`, path };
  if (estado !== 'aberto') return { text: `“${titulo}”: votação encerrada. O resultado sai aqui:`, path };
  return { text: `“${titulo}”. Vote:`, path: `/?paredao=${paredao}` };
}
