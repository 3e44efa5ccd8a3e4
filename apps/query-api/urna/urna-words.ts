/** How people in Brazil read numbers and moments. */
const MOMENT = new Intl.DateTimeFormat('pt-BR', {
  ...{ timeZone: 'America/Sao_Paulo', dateStyle: 'short', timeStyle: 'medium' },
});
export const moment = (iso: string): string => `${MOMENT.format(new Date(iso))} (Brasília)`;
export const number = (value: number): string => value.toLocaleString('pt-BR');
