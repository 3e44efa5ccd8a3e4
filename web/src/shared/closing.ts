import { byId, setText, within } from './dom.ts';
import { clockOfBrasilia, remaining, span } from './format.ts';
import { type Outcome, showOutcome } from './outcome.ts';
import { serverClock } from './server-clock.ts';
import type { PollState } from '#contract';

/** How a poll stands in its time, as every answer about it says. */
export interface Standing {
  readonly estado: PollState;
  readonly encerra_em: string | null;
  readonly pausado_em: string | null;
  readonly atualizado_em: string;
}

/** Between two looks at the clock, ms: the page closes within so much of the second. */
const TICK = 100;
const LAST_MINUTE = 60_000;

/** `over`: its end has come, whether or not the answers say so yet. */
type Phase = 'none' | 'running' | 'last-minute' | 'paused' | 'over';

/** Whether the announced end of an open poll has come, by the server's clock. */
export const isPastEnd = ({ encerra_em }: Pick<Standing, 'encerra_em'>): boolean =>
  encerra_em !== null && serverClock.until(encerra_em) <= 0;

/** When a poll was open that is over: "hoje, de 20h05 a 22h30 de Brasília". */
export function openSpan(
  poll: Standing & { readonly aberto_em: string | null; readonly encerrado_em: string | null },
): string {
  const end = poll.encerrado_em ?? poll.encerra_em ?? poll.atualizado_em;
  return span(poll.aberto_em ?? end, end, poll.atualizado_em);
}

function phaseOf(poll: Standing): Phase {
  if (poll.estado !== 'aberto') return 'none';
  if (isPastEnd(poll)) return 'over';
  if (poll.pausado_em !== null) return 'paused';
  if (poll.encerra_em === null) return 'none';
  return serverClock.until(poll.encerra_em) <= LAST_MINUTE ? 'last-minute' : 'running';
}

const LABELS: Record<Phase, string> = {
  none: '',
  running: 'Encerra em',
  'last-minute': 'Último minuto',
  paused: 'Votação pausada',
  over: 'Votação encerrada',
};

/** What ears are told when a phase begins. */
const SAID: Record<Phase, string> = {
  none: '',
  running: '',
  'last-minute': 'Falta um minuto para o fim da votação.',
  paused: 'A votação está pausada.',
  over: 'A votação está encerrada.',
};

/** The line that counts down to the end of a poll. */
export interface Closing {
  /** And what became of the poll. */
  show(poll: Standing & Outcome): void;
}

/** Wires the line (`parts/closing.html`). `onOver` is called in the second in which the end of an open poll comes. */
export function createClosing(onOver: () => void = () => {}): Closing {
  const line = byId('fim', HTMLElement);
  const [label, left, at] = ['label', 'left', 'at'].map((part) => within(line, `.closing-${part}`, HTMLElement)) as [
    HTMLElement,
    HTMLElement,
    HTMLElement,
  ];
  const ears = byId('fim-aviso', HTMLElement);
  let poll: Standing | undefined;
  let before: Phase = 'none';

  function tick(): void {
    if (!poll) return;
    const phase = phaseOf(poll);
    const { encerra_em: end } = poll;
    line.hidden = phase === 'none';
    line.dataset['fase'] = phase;
    setText(label, LABELS[phase]);
    const isCounting = phase === 'running' || phase === 'last-minute';
    setText(left, isCounting && end ? remaining(Math.ceil(serverClock.until(end) / 1_000)) : '');
    setText(at, end === null ? '' : `${phase === 'paused' ? 'encerra ' : ''}às ${clockOfBrasilia(end)}`);
    if (phase === before) return;
    setText(ears, before === 'paused' && isCounting ? 'A votação voltou.' : SAID[phase]);
    before = phase;
    if (phase === 'over') onOver();
  }

  setInterval(tick, TICK);
  return {
    show(next) {
      serverClock.hear(next.atualizado_em);
      poll = next;
      showOutcome(next);
      tick();
    },
  };
}
