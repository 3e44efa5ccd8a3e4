import { drawHours, drawMinutes } from '../shared/charts.ts';
import { byId, setName, setPhoto, setText, tableRow, within } from '../shared/dom.ts';
import { age, day, hour, integer, moment, percent, rate, votes } from '../shared/format.ts';
import { showState, shownState } from '../shared/state-badge.ts';
import { continuousHours, lastHour } from '../shared/series.ts';
import { drawable } from '../shared/svg.ts';
import { judge } from '../shared/verdict.ts';
import type { HourCounts, Total } from '../shared/api-types.ts';

/** Hours in the chart; the table has them all. */
const HOURS_SHOWN = 24;
/** Seconds from which a number is called late. */
const LATE = 5;

const fields = (name: string) => document.querySelectorAll<HTMLElement>(`[data-campo="${name}"]`);

function fill(name: string, text: string): void {
  for (const field of fields(name)) setText(field, text);
}

/** Marks a fact that someone should look at. */
function mark(name: string, alarming: boolean): void {
  for (const field of fields(name)) field.closest('.fact')?.setAttribute('data-alerta', String(alarming));
}

/** Lets the style sheet fit a number of any length into its place. */
function fillFitted(name: string, text: string): void {
  fill(name, text);
  for (const field of fields(name)) field.style.setProperty('--chars', String(Math.max(text.length, 4)));
}

function fillParticipants(total: Total): void {
  const bar = byId('barra', HTMLElement);
  for (const { numero, nome, votos, percentual, foto } of total.por_participante) {
    setPhoto(within(document, `.person[data-slot="${numero}"] .person-art`, HTMLImageElement), foto);
    for (const field of fields(`nome_${numero}`)) setName(field, nome);
    fillFitted(`voto_${numero}`, integer(votos));
    fillFitted(`percentual_${numero}`, total.total === 0 ? '–' : percent(percentual));
    within(bar, `[data-slot="${numero}"]`, HTMLElement).style.setProperty('--share', String(percentual));
  }
}

/** The panel knows the counts, so a tie here is a tie of votes. */
function situation(total: Total): string {
  const [first, second] = total.por_participante;
  const difference = Math.abs(total.voto_1 - total.voto_2);
  if (total.total === 0) return total.final ? 'terminou sem votos' : 'nenhum voto ainda';
  if (difference === 0) return total.final ? 'terminou em empate' : 'empate';
  const ahead = total.voto_1 > total.voto_2 ? first : second;
  const gap = votes(difference);
  return total.final ? `${ahead?.nome ?? ''}: ${gap} a mais` : `diferença de ${gap}`;
}

function fillFacts(total: Total): void {
  fill('atraso', `${rate(total.atraso_projecao_segundos)} s`);
  mark('atraso', total.atraso_projecao_segundos > LATE);
  fill('duplicados', integer(total.duplicados));
  fill('atrasados', integer(total.atrasados));
  fill('expirados', integer(total.expirados));
  fill('quarentena', integer(total.quarentena));
  mark('quarentena', total.quarentena > 0);
  fill('completo', total.completo ? 'Completa' : 'Incompleta');
  mark('completo', !total.completo);
  fill('revisao', total.revisao);
  fill('digest', total.digest.slice(0, 16));
  const end = total.encerradoEm === null ? '' : `, encerrado em ${moment(total.encerradoEm)}`;
  fill('periodo', `Paredão nº ${total.paredao}, aberto em ${moment(total.abertoEm)}${end}.`);
}

/** Newest first. Rows are kept and only their texts changed, so that scrolling and reading are not disturbed. */
function fillTable(body: HTMLElement, hours: readonly HourCounts[]): void {
  while (body.childElementCount > hours.length) body.lastElementChild?.remove();
  while (body.childElementCount < hours.length) body.append(tableRow('', ['', '', '']));
  hours.toReversed().forEach(({ hora, total, voto_1, voto_2 }, i) => {
    const cells = body.children[i]?.children ?? [];
    const texts = [`${day(hora)} ${hour(hora)}`, integer(total), integer(voto_1), integer(voto_2)];
    texts.forEach((content, column) => cells[column] && setText(cells[column], content));
  });
}

/** The dashboard. `show` takes each new total; `tick` is called every second and keeps ages moving. */
export function createPanelView(): { show(total: Total): void; tick(): void } {
  const paintHours = drawable(byId('horas', SVGElement), drawHours);
  const paintMinutes = drawable(byId('minutos', SVGElement), drawMinutes);
  const rows = byId('horas-linhas', HTMLElement);
  let latest: { age: number; at: number; final: boolean } | undefined;

  function tick(): void {
    if (!latest) return;
    const seconds = latest.age + (performance.now() - latest.at) / 1_000;
    fill('idade', age(seconds));
    mark('idade', seconds > LATE && !latest.final);
  }

  function show(total: Total): void {
    latest = { age: total.idadeSegundos, at: performance.now(), final: total.final };
    setName(byId('titulo', HTMLElement), total.titulo, 30);
    showState(byId('selo', HTMLElement), shownState(total));
    setText(byId('situacao', HTMLElement), situation(total));
    fillFitted('total', integer(total.total));
    fillFitted('votos_por_segundo', rate(total.votos_por_segundo));
    fill('votos_ultima_hora', integer(total.votos_ultima_hora));
    fillParticipants(total);
    fillFacts(total);
    const minutes = lastHour(total.por_minuto, total.atualizadoEm);
    setText(byId('pico', HTMLElement), integer(Math.max(...minutes.map((bucket) => bucket.total))));
    paintMinutes(minutes);
    paintHours(continuousHours(total.por_hora, HOURS_SHOWN));
    fillTable(rows, total.por_hora);
    const lider = total.voto_1 === total.voto_2 ? null : total.voto_1 > total.voto_2 ? 1 : 2;
    const { leader } = judge({ semVotos: total.total === 0, final: total.final, lider });
    Object.assign(byId('painel', HTMLElement).dataset, { final: String(total.final), leader: String(leader) });
    tick();
  }

  return { show, tick };
}
