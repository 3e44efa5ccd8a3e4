import { fetchResult } from '../shared/api.ts';
import { heldText, shown } from '../shared/disclosure.ts';
import { byId, setText } from '../shared/dom.ts';
import { createResultBars } from '../shared/result-bars.ts';
import { time } from '../shared/format.ts';
import { countdown, createLoop, jitter } from '../shared/timing.ts';
import { headline } from '../../../libs/wording/verdict.ts';
import type { Result } from '#contract';

/** Between two looks at the shares, in milliseconds: often at first, then at leisure. */
const OFTEN = 3_000;
const LEISURE = 10_000;
const OFTEN_TIMES = 20;

/** The section with the percentages, after a vote and after the end. */
export interface PartialResult {
  /**
   * Shows the shares and keeps them fresh. With `since` (a vote's `posicao`) they say whether they include it; without
   * it the voting is over.
   */
  follow(since: string | undefined, onResult: (result: Result) => void): void;
  stop(): void;
}

const note = ({ atualizado_em, completo }: Result): string =>
  `Atualizado às ${time(atualizado_em)} de Brasília.${completo ? '' : ' Há votos em verificação.'}`;

function heading(result: Result, over: boolean): string {
  const standing = shown(result);
  if (standing && result.final) return headline(standing);
  if (!standing && (result.final || result.estado === 'aberto')) return heldText(result);
  return over || result.estado !== 'aberto' ? 'Contando os últimos votos' : 'Parcial';
}

/** Wires the section. */
export function createPartialResult(): PartialResult {
  const fill = createResultBars();
  const title = byId('parcial-titulo', HTMLElement);
  const line = byId('parcial-nota', HTMLElement);
  const loop = createLoop();
  let counting = { stop: () => {} };

  function show(result: Result, over: boolean): void {
    fill(result);
    setText(title, heading(result, over));
    setText(line, result.parcial_visivel ? note(result) : '');
  }

  return {
    stop() {
      counting.stop();
      loop.stop();
    },
    follow(since, onResult) {
      let times = 0;
      loop.start(async () => {
        counting.stop();
        try {
          const result = await fetchResult(since);
          show(result, since === undefined);
          onResult(result);
          if (result.final && result.parcial_visivel) return null;
          return jitter(++times < OFTEN_TIMES ? OFTEN : LEISURE);
        } catch {
          const delay = jitter(times++ === 0 ? OFTEN : LEISURE);
          counting = countdown(delay, (seconds) =>
            setText(line, `A parcial volta em instantes: nova tentativa em ${seconds} s.`),
          );
          return delay;
        }
      });
    },
  };
}
