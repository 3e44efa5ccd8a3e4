import type { AdminAction, AuditState, PollQuarantine, QuarantinedEvent, Reconciliation } from './audit-wire.ts';
import { drawHours } from './charts.ts';
import { byId, setText } from './dom.ts';
import { day, hour, integer, moment, rate, votes } from './format.ts';
import { continuousHours } from './series.ts';
import { drawable } from './svg.ts';

const HOURS_SHOWN = 48;

const OUTCOMES = { confere: 'Confere', difere: 'Difere', 'nao-verificado': 'Não verificado' } as const;

function element(tag: string, text: string, className = ''): HTMLElement {
  const made = document.createElement(tag);
  made.textContent = text;
  made.className = className;
  return made;
}

function row(head: string, cells: readonly string[], isWrong: boolean): HTMLTableRowElement {
  const made = document.createElement('tr');
  const name = document.createElement('th');
  name.scope = 'row';
  name.textContent = head;
  made.dataset['alerta'] = String(isWrong);
  made.append(name, ...cells.map((cell) => element('td', cell)));
  return made;
}

function fact(term: string, value: string): HTMLElement {
  const made = element('div', '', 'fact');
  made.append(element('dt', term), element('dd', value, 'number'));
  return made;
}

export function showState({ log, contagem, paredoes }: AuditState): void {
  byId('estado', HTMLElement).replaceChildren(
    fact('Fim do registro', log.posicao),
    fact('Apurado até', contagem.posicao),
    fact('Último evento', log.registradoEm === null ? '–' : moment(log.registradoEm)),
    fact('Apuração gravada', contagem.atualizadoEm === null ? '–' : moment(contagem.atualizadoEm)),
    fact('Atraso', `${rate(contagem.atrasoSegundos)} s`),
    fact('Versão da apuração', contagem.versao),
  );
  const rows = paredoes.map(({ paredao, titulo, estado, eventosNaUrna, eventosContados, votos, quarentena }) => {
    const inBox = eventosNaUrna === null ? 'Faltam eventos' : integer(eventosNaUrna);
    const cells = [estado, inBox, integer(eventosContados), integer(votos), integer(quarentena)];
    return row(`${paredao}. ${titulo}`, cells, eventosNaUrna === null || quarentena > 0);
  });
  byId('paredoes', HTMLElement).replaceChildren(...rows);
  showPolls(paredoes.map(({ paredao, titulo }) => [paredao, `${paredao}. ${titulo}`]));
}

function showPolls(polls: readonly [id: string, name: string][]): void {
  const select = byId('paredao', HTMLSelectElement);
  const chosen = select.value;
  select.replaceChildren(...polls.map(([id, name]) => new Option(name, id, false, id === chosen)));
}

/** Shows a recount; the chart keeps its size to the window's. */
export function createReconciliationView(): (result: Reconciliation) => void {
  const paint = drawable(byId('horas', SVGElement), drawHours);
  return (result) => {
    const { por_hora, confere, posicao, log, verificacoes, compromisso } = result;
    setText(byId('compromisso', HTMLElement), compromisso);
    const verdict = byId('veredito', HTMLElement);
    verdict.dataset['resultado'] = confere ? 'confere' : 'difere';
    const counted = log.voto_1 + log.voto_2;
    const recount = `${votes(counted)} ${counted === 1 ? 'recontado' : 'recontados'} até a posição ${posicao}`;
    const remarks = verificacoes.filter(({ resultado }) => resultado === 'difere').length;
    const seeBelow = remarks === 0 ? '' : ' Há ressalvas nas verificações abaixo.';
    setText(verdict, `${confere ? 'Confere' : 'Não confere'}: ${recount}.${seeBelow}`);
    byId('conferencia', HTMLElement).hidden = false;
    const hours = por_hora.map((entry) => ({
      hora: entry.hora,
      ...entry.log,
      total: entry.log.voto_1 + entry.log.voto_2,
    }));
    paint(continuousHours(hours, HOURS_SHOWN));
    const rows = por_hora.toReversed().map((entry) => {
      const counts = [entry.log.voto_1, entry.log.voto_2, entry.contagem.voto_1, entry.contagem.voto_2].map(integer);
      return row(
        `${day(entry.hora)} ${hour(entry.hora)}`,
        [...counts, entry.confere ? 'Confere' : 'Difere'],
        !entry.confere,
      );
    });
    byId('horas-linhas', HTMLElement).replaceChildren(...rows);
    const checks = verificacoes.map(({ titulo, resultado, detalhe, diferencas }) => {
      const item = element('li', `${OUTCOMES[resultado]}: ${titulo}. ${detalhe}`);
      item.dataset['resultado'] = resultado;
      for (const difference of diferencas) item.append(element('p', difference));
      return item;
    });
    byId('verificacoes', HTMLElement).replaceChildren(...checks);
  };
}

/** @param inspect resolves with the event's details, in words */
export function showQuarantine(
  polls: readonly PollQuarantine[],
  inspect: (event: QuarantinedEvent) => Promise<string>,
): void {
  const count = polls.reduce((sum, { quantidade }) => sum + quantidade, 0);
  const listed = polls.flatMap(({ eventos }) => eventos);
  const part = listed.length < count ? ` Aqui estão os primeiros ${integer(listed.length)}.` : '';
  const some = count === 1 ? '1 evento não pôde ser lido.' : `${integer(count)} eventos não puderam ser lidos.`;
  setText(byId('quarentena-aviso', HTMLElement), count === 0 ? 'Vazia: todos os eventos foram lidos.' : some + part);
  byId('quarentena', HTMLElement).replaceChildren();
  byId('quarentena-mais', HTMLElement).hidden = listed.length === count;
  addQuarantined(listed, inspect);
}

/** More of them, below those that are shown. */
export function addQuarantined(
  events: readonly QuarantinedEvent[],
  inspect: (event: QuarantinedEvent) => Promise<string>,
): void {
  byId('quarentena', HTMLElement).append(...events.map((event) => quarantined(event, inspect)));
}

function quarantined(event: QuarantinedEvent, inspect: (event: QuarantinedEvent) => Promise<string>): HTMLElement {
  const item = document.createElement('li');
  const details = document.createElement('details');
  const content = element('pre', 'Buscando…');
  content.tabIndex = 0;
  details.append(element('summary', `${event.fluxo}, revisão ${event.revisao}: ${event.motivo}`), content);
  details.addEventListener('toggle', () => {
    if (details.open) void inspect(event).then((text) => setText(content, text));
  });
  item.append(details);
  return item;
}

export function showActions(actions: readonly AdminAction[]): void {
  const items = actions.toReversed().map(({ registradoEm, quem, oQue }) => {
    const item = element('li', '');
    item.append(element('strong', quem ?? 'sistema'), ` ${oQue} `, element('time', moment(registradoEm), 'number'));
    return item;
  });
  byId('acoes', HTMLElement).replaceChildren(...(items.length > 0 ? items : [element('li', 'Nenhuma ação ainda.')]));
}
