/** Everything that is shown goes through here: Brazilian Portuguese, hours of São Paulo. Instants come as ISO-8601 UTC. */

const zone = { timeZone: 'America/Sao_Paulo' } as const;
const integerFormat = new Intl.NumberFormat('pt-BR', { maximumFractionDigits: 0 });
const rateFormat = new Intl.NumberFormat('pt-BR', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const compactFormat = new Intl.NumberFormat('pt-BR', { notation: 'compact', maximumFractionDigits: 1 });
const timeFormat = new Intl.DateTimeFormat('pt-BR', { ...zone, timeStyle: 'medium' });
const minuteFormat = new Intl.DateTimeFormat('pt-BR', { ...zone, timeStyle: 'short' });
const hourFormat = new Intl.DateTimeFormat('pt-BR', { ...zone, hour: '2-digit', hourCycle: 'h23' });
const dayFormat = new Intl.DateTimeFormat('pt-BR', { ...zone, day: '2-digit', month: '2-digit' });
const momentFormat = new Intl.DateTimeFormat('pt-BR', { ...zone, dateStyle: 'short', timeStyle: 'short' });

/** 1234567 → "1.234.567" */
export const integer = (value: number): string => integerFormat.format(value);

/** "1 voto", "1.200 votos" */
export const votes = (count: number): string => `${integer(count)} ${count === 1 ? 'voto' : 'votos'}`;

/** A rate or a number of seconds: 3.25 → "3,3"; from 100 on without a decimal. */
export const rate = (value: number): string => (value < 100 ? rateFormat.format(value) : integer(value));

/** 12000 → "12 mil", for axes. */
export const compact = (value: number): string => compactFormat.format(value);

/** → "19:41:07" */
export const time = (iso: string): string => timeFormat.format(new Date(iso));

/** → "19:41" */
export const minute = (iso: string): string => minuteFormat.format(new Date(iso));

/** → "19h" */
export const hour = (iso: string): string => `${hourFormat.format(new Date(iso)).replace(/\D/g, '')}h`;

/** → "23/11" */
export const day = (iso: string): string => dayFormat.format(new Date(iso));

/** → "23/11/2026, 19:41" */
export const moment = (iso: string): string =>
  Number.isNaN(Date.parse(iso)) ? iso : momentFormat.format(new Date(iso));

const clockParts = new Intl.DateTimeFormat('pt-BR', { ...zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const dateFormat = new Intl.DateTimeFormat('pt-BR', { ...zone, weekday: 'long', day: '2-digit', month: '2-digit' });

/** → "22h05" */
export const clock = (iso: string): string => clockParts.format(new Date(iso)).replace(':', 'h');

/** → "22h05 de Brasília": whoever reads it may be in another zone. */
export const clockOfBrasilia = (iso: string): string => `${clock(iso)} de Brasília`;

/** From when to when something was: "hoje, de 20h05 a 22h30 de Brasília", "de 23/11, 20h05, a 24/11, 01h05 de Brasília". */
export function span(from: string, to: string, now: string): string {
  if (day(from) !== day(to)) return `de ${day(from)}, ${clock(from)}, a ${day(to)}, ${clockOfBrasilia(to)}`;
  return `${day(from) === day(now) ? 'hoje' : `em ${day(from)}`}, de ${clock(from)} a ${clockOfBrasilia(to)}`;
}

/** When something will be, seen from `now`: "hoje às 22h05", "terça-feira, 24/11, às 22h05". */
export const future = (iso: string, now: string): string =>
  `${day(iso) === day(now) ? 'hoje' : `${dateFormat.format(new Date(iso))},`} às ${clock(iso)}`;

/** Seconds left: "4:05", "3:04:05", from two days on "2 dias". */
export function remaining(seconds: number): string {
  if (seconds >= 172_800) return `${Math.floor(seconds / 86_400)} dias`;
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60)];
  const parts = hours > 0 ? [hours, minutes, seconds % 60] : [minutes, seconds % 60];
  return parts.map((part, i) => (i === 0 ? String(part) : String(part).padStart(2, '0'))).join(':');
}

/** How long something takes: "8 s", "2 min 05 s", "1 h 02 min". */
export function duration(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds));
  if (whole < 60) return `${String(whole)} s`;
  const [minutes, rest] = [Math.floor(whole / 60), whole % 60];
  if (minutes < 60) return `${String(minutes)} min ${String(rest).padStart(2, '0')} s`;
  return `${String(Math.floor(minutes / 60))} h ${String(minutes % 60).padStart(2, '0')} min`;
}

const wallFormat = new Intl.DateTimeFormat('sv-SE', { ...zone, dateStyle: 'short', timeStyle: 'medium' });

/** An instant as a wall clock in Brasília shows it, for an input: "2026-11-23T22:05". */
export const toWall = (iso: string): string => wallFormat.format(new Date(iso)).replace(' ', 'T').slice(0, 16);

/** The instant at which a wall clock in Brasília shows this ("2026-11-23T22:05", what an input gives). */
export function fromWall(wall: string): string {
  const asUtc = Date.parse(`${wall.slice(0, 16)}:00Z`);
  const offset = Date.parse(`${wallFormat.format(asUtc).replace(' ', 'T')}Z`) - asUtc;
  return new Date(asUtc - offset).toISOString();
}

/** Seconds as an age: "agora", "há 7 s", "há 3 min", "há 2 h". */
export function age(seconds: number): string {
  if (seconds < 2) return 'agora';
  if (seconds < 90) return `há ${Math.floor(seconds)} s`;
  if (seconds < 5_400) return `há ${Math.round(seconds / 60)} min`;
  return `há ${Math.round(seconds / 3_600)} h`;
}
