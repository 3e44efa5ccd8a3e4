import { byId, setText } from '../shared/dom.ts';
import type { Correction } from '#contract';

const sentence = ({ de, para, motivo }: Correction): string =>
  `Correção: “${de}” passou a ser “${para}”. Motivo: ${motivo}`;

/** Says which names were corrected while people voted, and why; all of them, the last one first. */
export function showCorrections(corrections: readonly Correction[]): void {
  const line = byId('correcoes', HTMLElement);
  setText(line, [...corrections].reverse().map(sentence).join(' '));
  line.hidden = corrections.length === 0;
}
