import { byId, element, setText, within } from '../shared/dom.ts';
import { clock, day, integer, rate } from '../shared/format.ts';
import { lastHour } from '../shared/series.ts';
import { drawable } from '../shared/svg.ts';
import { fill, fillFitted } from './fields.ts';
import { drawMinutes } from './hour-charts.ts';
import { countedUntil } from './lead.ts';
import type { Total } from '#contract';

type Earlier = Total['mesmo_minuto'][number];

const percentFormat = new Intl.NumberFormat('pt-BR', { maximumFractionDigits: 0, signDisplay: 'exceptZero' });

/** How much more or less this poll has: "+21%"; nothing against a minute without votes. */
const comparison = (own: number, other: number): string =>
  other === 0 ? '' : `${percentFormat.format((100 * (own - other)) / other)}%`;

/** "às 22h41", with the day where it is another one */
function peakMoment({ pico, atualizado_em }: Total): string {
  if (pico === null) return '';
  return `${day(pico.minuto) === day(atualizado_em) ? '' : `em ${day(pico.minuto)} `}às ${clock(pico.minuto)}`;
}

function makeRow(): HTMLTableRowElement {
  const head = element('th', [element('span', '', 'earlier-title')]);
  head.scope = 'row';
  return element('tr', [head, element('td', '', 'number'), element('td', '', 'number')]);
}

function fillRow(row: Element, title: string, votes: string, more: string): void {
  const [count, difference] = row.querySelectorAll('td');
  setText(within(row, '.earlier-title', HTMLElement), title);
  setText(count!, votes);
  setText(difference!, more);
}

/** This poll's last whole minute, and what earlier ones had in the same minute after their opening. */
function showEarlier(body: HTMLElement, own: number, earlier: readonly Earlier[]): void {
  const count = earlier.length === 0 ? 0 : earlier.length + 1;
  while (body.childElementCount > count) body.lastElementChild!.remove();
  while (body.childElementCount < count) body.append(makeRow());
  const [first, ...others] = body.children;
  if (first) fillRow(first, 'Este', integer(own), '');
  for (const [index, { paredao, titulo, total }] of earlier.entries()) {
    fillRow(others[index]!, `${paredao}: ${titulo}`, integer(total), comparison(own, total));
  }
}

/** How fast votes come, how fast they came at most, and how fast they came in earlier polls. */
export function createPaceView(): (total: Total) => void {
  const paint = drawable(byId('minutos', SVGElement), drawMinutes);
  const rows = byId('antes-linhas', HTMLElement);
  const none = byId('antes-nenhum', HTMLElement);
  return (total) => {
    const minutes = lastHour(total.por_minuto, countedUntil(total));
    paint(minutes);
    fillFitted('votos_por_segundo', rate(total.votos_por_segundo));
    fill('pico', total.pico === null ? '–' : integer(total.pico.total));
    fill('pico_em', peakMoment(total));
    showEarlier(rows, minutes.at(-2)!.total, total.mesmo_minuto);
    none.hidden = total.mesmo_minuto.length > 0;
    setText(
      none,
      total.final ? 'A votação terminou: não há minuto a comparar.' : 'Nenhum paredão anterior chegou a este minuto.',
    );
  };
}
