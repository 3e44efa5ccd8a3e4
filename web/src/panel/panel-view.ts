import { drawHours, drawMinutes } from '../shared/charts.ts';
import { byId, setFitted, setName, setText, tableRow } from '../shared/dom.ts';
import { createClosing } from '../shared/closing.ts';
import { age, day, hour, integer, moment, rate, votes } from '../shared/format.ts';
import { showState, shownState } from '../shared/state-badge.ts';
import { type Bucket, continuousHours, hourBucket, lastHour } from '../shared/series.ts';
import { drawable } from '../shared/svg.ts';
import { described } from '../../../libs/wording/purpose.ts';
import { showRehearsal } from '../shared/rehearsal.ts';
import { judge } from '../../../libs/wording/verdict.ts';
import { showCurve } from './curve-view.ts';
import { createPeopleView } from './people-view.ts';
import type { Total } from '#contract';

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

/** The panel knows the counts, so a tie here is a tie of votes. */
function situation(total: Total, leader: number | null): string {
  if (total.total === 0) return total.final ? 'terminou sem votos' : 'nenhum voto ainda';
  if (leader === null) return total.final ? 'terminou em empate' : 'empate';
  const [first, second] = total.por_participante.toSorted((a, b) => b.votos - a.votos);
  const gap = votes((first?.votos ?? 0) - (second?.votos ?? 0));
  return total.final ? `${first?.nome ?? ''}: ${gap} a mais` : `diferença de ${gap}`;
}

/** Number of the one with more votes than anybody else; null in a tie. */
function leaderOf({ por_participante }: Total): number | null {
  const most = Math.max(...por_participante.map(({ votos }) => votos));
  const first = por_participante.filter(({ votos }) => votos === most);
  return first.length === 1 ? first[0]!.numero : null;
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
  showCurve(total);
  fill('digest', total.digest.slice(0, 16));
  const end = total.encerrado_em === null ? '' : `, encerrado em ${moment(total.encerrado_em)}`;
  const purpose = described(total.finalidade).toLowerCase();
  fill(
    'periodo',
    `${total.ensaio ? 'Ensaio' : 'Paredão'} nº ${total.paredao}, ${purpose && `${purpose}, `}aberto em ${moment(total.aberto_em)}${end}.`,
  );
}

/** Newest first. Rows are kept and only their texts changed, so that scrolling and reading are not disturbed. */
function fillTable(body: HTMLElement, hours: readonly Bucket[], people: number): void {
  // another poll has other columns
  if (body.firstElementChild?.childElementCount !== people + 2) body.replaceChildren();
  while (body.childElementCount > hours.length) body.lastElementChild?.remove();
  while (body.childElementCount < hours.length) body.append(tableRow('', new Array<string>(people + 1).fill('')));
  hours.toReversed().forEach(({ begins, total, votes: counts }, i) => {
    const cells = body.children[i]?.children ?? [];
    const texts = [`${day(begins)} ${hour(begins)}`, ...[total, ...counts].map(integer)];
    texts.forEach((content, column) => cells[column] && setText(cells[column], content));
  });
}

/** Whether anybody checked a result that is over; a check that failed is news. */
function showCheck({ final, conferido_em, apuracao }: Total): void {
  const line = byId('conferencia', HTMLElement);
  const { conferido_por, nao_confere_em, nao_confere_por, diferencas } = apuracao;
  const failed = `A conferência não confere: ${integer(diferencas ?? 0)} diferenças (${nao_confere_por ?? ''})`;
  const checked = conferido_em === null ? '' : `Conferido por ${conferido_por ?? ''}`;
  line.dataset['alerta'] = String(nao_confere_em !== null);
  setText(line, nao_confere_em === null ? (final ? checked || 'Ainda não conferido' : '') : failed);
}

/** Title, state and countdown in the head of the page. */
function createStanding(): (total: Total) => void {
  const closing = createClosing();
  return (total) => {
    showRehearsal(total);
    setName(byId('titulo', HTMLElement), total.titulo, 30);
    showState(byId('selo', HTMLElement), shownState(total));
    closing.show(total);
    showCheck(total);
  };
}

/** The dashboard. `show` takes each new total; `tick` is called every second and keeps ages moving. */
export function createPanelView(): { show(total: Total): void; tick(): void } {
  const paintHours = drawable(byId('horas', SVGElement), drawHours);
  const paintMinutes = drawable(byId('minutos', SVGElement), drawMinutes);
  const rows = byId('horas-linhas', HTMLElement);
  const showPeople = createPeopleView();
  const showStanding = createStanding();
  let latest: { age: number; at: number; final: boolean } | undefined;

  function tick(): void {
    if (!latest) return;
    const seconds = latest.age + (performance.now() - latest.at) / 1_000;
    fill('idade', age(seconds));
    mark('idade', seconds > LATE && !latest.final);
  }

  function show(total: Total): void {
    latest = { age: total.idade_segundos, at: performance.now(), final: total.final };
    showStanding(total);
    const lider = leaderOf(total);
    setText(byId('situacao', HTMLElement), situation(total, lider));
    setText(byId('finalidade', HTMLElement), described(total.finalidade));
    for (const [name, text] of [
      ['total', integer(total.total)],
      ['votos_por_segundo', rate(total.votos_por_segundo)],
    ] as const) {
      for (const field of fields(name)) setFitted(field, text);
    }
    fill('votos_ultima_hora', integer(total.votos_ultima_hora));
    showPeople(total);
    fillFacts(total);
    const minutes = lastHour(total.por_minuto, total.atualizado_em);
    setText(byId('pico', HTMLElement), integer(Math.max(...minutes.map((bucket) => bucket.total))));
    paintMinutes(minutes);
    const hours = total.por_hora.map(hourBucket);
    paintHours(continuousHours(hours, HOURS_SHOWN));
    fillTable(rows, hours, total.por_participante.length);
    const { leader } = judge({ sem_votos: total.total === 0, final: total.final, lider });
    Object.assign(byId('painel', HTMLElement).dataset, { final: String(total.final), leader: String(leader) });
    tick();
  }

  return { show, tick };
}
