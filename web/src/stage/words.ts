import type { Stage, StageScore } from '#contract';
import { isPastEnd } from '../shared/closing.ts';
import { clockOfBrasilia, remaining } from '../shared/format.ts';
import { type Purpose, question } from '../../../libs/wording/purpose.ts';
import { serverClock } from '../shared/server-clock.ts';
import { headline } from '../../../libs/wording/verdict.ts';

const LAST_MINUTE = 60_000;

/** What the clock on the wall says. */
export interface ClockShown {
  readonly phase: 'open' | 'running' | 'last-minute' | 'paused' | 'over';
  readonly label: string;
  /** "4:05"; '' where nothing is counted. */
  readonly left: string;
  readonly at: string;
}

/** Whether votes are taken now, or will be again. */
export const isOver = (stage: Stage): boolean => stage.estado !== 'aberto' || isPastEnd(stage);

/** The countdown, by the server's clock. */
export function clockOf(stage: Stage): ClockShown {
  const { encerra_em: end, pausado_em } = stage;
  if (isOver(stage)) return { phase: 'over', label: 'Votação encerrada', left: '', at: '' };
  const at = end === null ? '' : `às ${clockOfBrasilia(end)}`;
  if (pausado_em !== null) return { phase: 'paused', label: 'Votação pausada', left: '', at: at && `Encerra ${at}` };
  if (end === null) return { phase: 'open', label: 'Votação aberta', left: '', at: '' };
  const ms = serverClock.until(end);
  const isLast = ms <= LAST_MINUTE;
  const left = remaining(Math.ceil(ms / 1_000));
  return { phase: isLast ? 'last-minute' : 'running', label: isLast ? 'Último minuto' : 'Encerra em', left, at };
}

const AWAITED = 'Resultado em instantes';

/** What stands below the participants while their numbers are not final. */
export function wordOf(stage: Stage): string {
  if (stage.modo === 'contagem') return '';
  if (stage.modo === 'parcial' && stage.placar) return isOver(stage) ? '' : 'Parcial';
  return isOver(stage) ? AWAITED : question(stage.finalidade);
}

const listed = new Intl.ListFormat('pt-BR');
/** Names of those who are tied fit below the picture up to so many characters. */
const LONGEST_LIST = 90;

/** What the result is, in a sentence: "O público eliminou Ana com 61,20% dos votos". */
export function resultWord({ finalidade, participantes }: Stage, score: StageScore): string {
  const { percentuais, primeiros } = score;
  if (primeiros.length > 1) {
    const tied = participantes.filter(({ numero }) => primeiros.includes(numero));
    const names = listed.format(tied.map(({ nome }) => nome));
    return `Deu empate entre ${names.length > LONGEST_LIST ? `${tied.length} participantes` : names}`;
  }
  const people = participantes.map((one, index) => ({ ...one, percentual: percentuais[index] ?? 0 }));
  const [lider = null] = primeiros;
  return headline({ finalidade, sem_votos: lider === null, lider, final: true, participantes: people });
}

const LEADER_TAGS = { eliminar: 'Sai', ficar: 'Fica', vencer: 'Vence' } as const;

/** In a word what a participant's number means, once it is there. */
export function tagOf(purpose: Purpose, number: number, { primeiros }: StageScore): string {
  if (primeiros.length !== 1 || purpose === null) return '';
  if (primeiros.includes(number)) return LEADER_TAGS[purpose];
  return purpose === 'eliminar' ? 'Fica' : '';
}
