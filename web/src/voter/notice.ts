import { byId, setText } from '../shared/dom.ts';
import type { ApiFailure } from '../shared/failure.ts';
import { createLineBand, type LineBand } from '../shared/line-band.ts';
import { isNamed } from '../shared/this-poll.ts';
import { countdown } from '../shared/timing.ts';
import { setView } from './view.ts';

/** The page without a poll to show: why, and when it looks again. */
export interface Notice {
  none(): void;
  /** `delay`: milliseconds until the next try. `hasPoll`: there is one on the page, and it stays: the band says it. */
  unreachable(failure: ApiFailure, delay: number, hasPoll: boolean): void;
  readonly band: LineBand;
}

function reasonFor({ kind, status }: ApiFailure): [string, string] {
  if (kind === 'offline') return ['Você está sem internet', 'A votação abre assim que a conexão voltar.'];
  if (status === 429)
    return [
      'Esta rede está pedindo muito',
      'A votação está no ar. Esta página espera um pouco e tenta de novo sozinha.',
    ];
  if (kind === 'refused')
    return ['Muita procura neste momento', 'A votação está no ar, mas tem gente demais na porta. Já tentamos de novo.'];
  return ['Sem contato com a votação', 'A conexão falhou. Já tentamos de novo.'];
}

const NONE = {
  onAir: ['Nenhum paredão no ar', 'O palco está pronto. Esta página abre a votação sozinha assim que ela começar.'],
  named: [
    'Nada neste endereço',
    'O link pode estar incompleto, ou a votação ainda não tem hora para abrir. Esta página continua procurando.',
  ],
} as const;

/** Wires the notice. `retry` is called when the visitor does not want to wait. */
export function createNotice(retry: () => void): Notice {
  const title = byId('aviso-titulo', HTMLElement);
  const text = byId('aviso-texto', HTMLElement);
  const button = byId('aviso-acao', HTMLButtonElement);
  const band = createLineBand(byId('sem-conexao', HTMLElement));
  button.addEventListener('click', retry);
  let counting = { stop: () => {} };
  return {
    band,
    none() {
      setView('notice');
      counting.stop();
      band.back();
      const [headline, explanation] = NONE[isNamed() ? 'named' : 'onAir'];
      setText(title, headline);
      setText(text, explanation);
      setText(button, 'Procurar agora');
    },
    unreachable(failure, delay, hasPoll) {
      if (hasPoll) return navigator.onLine ? band.lost('Sem contato com a votação.', delay) : undefined;
      setView('notice');
      counting.stop();
      const [headline, explanation] = reasonFor(failure);
      setText(title, headline);
      setText(text, explanation);
      counting = countdown(delay, (seconds) =>
        setText(button, seconds > 0 ? `Tentar agora (${seconds} s)` : 'Tentando…'),
      );
    },
  };
}
