import type { Total } from '#contract';

/** Seconds from which a number is called late, and from which the alarm sounds: a stream that comes back at once wakes nobody. */
export const LATE = 5;
const LOUD = 10;

/** How old the numbers are. */
export interface Staleness {
  readonly level: 'fresh' | 'late' | 'loud';
  /** Since the last sign of life of what counts. */
  readonly age: number;
  /** For the page: "Números parados há 23 s"; '' while they are fresh. */
  readonly text: string;
}

/** Numbers of a poll, and when they came. */
export interface Heard {
  readonly total: Total;
  /** ms of `performance.now()` */
  readonly at: number;
}

function levelOf(seconds: number): Staleness['level'] {
  if (seconds >= LOUD) return 'loud';
  return seconds > LATE ? 'late' : 'fresh';
}

/** Judges that no numbers have come since `from`. @param from, now ms of `performance.now()` */
export function judgeSilence(from: number, now: number): Staleness {
  const age = (now - from) / 1_000;
  const level = levelOf(age);
  return { level, age, text: level === 'fresh' ? '' : `Ainda sem números, há ${Math.floor(age)} s` };
}

/**
 * Judges numbers that came at `at`. Old are those that nobody brought up to date, and those that are behind the votes; those of a
 * poll that is over change no more.
 */
export function judgeStaleness({ total, at }: Heard, now: number): Staleness {
  const age = total.idade_segundos + (now - at) / 1_000;
  if (total.final) return { level: 'fresh', age, text: '' };
  const behind = total.atraso_projecao_segundos;
  const level = levelOf(Math.max(age, behind));
  if (level === 'fresh') return { level, age, text: '' };
  const text =
    age >= behind ? `Números parados há ${Math.floor(age)} s` : `Números ${Math.floor(behind)} s atrás dos votos`;
  return { level, age, text };
}
