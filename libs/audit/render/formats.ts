import { hourStart } from '#domain';

const NUMBER = new Intl.NumberFormat('pt-BR');
const PERCENT = new Intl.NumberFormat('pt-BR', { minimumFractionDigits: 2 });
const TIME = new Intl.DateTimeFormat('pt-BR', {
  dateStyle: 'short',
  timeStyle: 'medium',
  timeZone: 'America/Sao_Paulo',
});
const HOUR = new Intl.DateTimeFormat('pt-BR', {
  day: '2-digit',
  month: '2-digit',
  year: 'numeric',
  hour: '2-digit',
  timeZone: 'America/Sao_Paulo',
});

const DAY = new Intl.DateTimeFormat('pt-BR', { dateStyle: 'short', timeZone: 'America/Sao_Paulo' });

/** To the millisecond: where two times are compared, that may be all the difference. */
const INSTANT = new Intl.DateTimeFormat('pt-BR', {
  day: '2-digit',
  month: '2-digit',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  timeZone: 'America/Sao_Paulo',
});

/** The one time zone of a report. */
export const ZONE = 'horário de Brasília';

export const number = (value: number): string => NUMBER.format(value);
export const percent = (share: number): string => `${PERCENT.format(share)}%`;

const format = (formatter: Intl.DateTimeFormat, iso: string): string => {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? iso : formatter.format(date);
};

/** A time as Brasília reads it; what is no time is shown as it is. */
export const moment = (iso: string): string => format(TIME, iso);

/** The same to the millisecond. */
export const instant = (iso: string): string => format(INSTANT, iso);

const MINUTE = new Intl.DateTimeFormat('pt-BR', { timeStyle: 'short', timeZone: 'America/Sao_Paulo' });

/** A time of the day, ms since the epoch, as Brasília reads it: `21:14`. */
export const minute = (time: number): string => MINUTE.format(time);

/** The day of it: `23/11/2026`. */
export const day = (time: number): string => DAY.format(time);

/** A UTC hour (`2026-11-23T22`) as Brasília reads it: `23/11/2026 19h`. */
export const brasiliaHour = (hour: string): string => `${format(HOUR, hourStart(hour)).replace(',', '')}h`;
