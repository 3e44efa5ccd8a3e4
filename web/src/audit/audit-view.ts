import type { AdminAction, AuditState, PollQuarantine, QuarantinedEvent, Reconciliation } from '#contract';
import { drawHours } from '../shared/charts.ts';
import { byId, element, setName, setText, tableRow, within } from '../shared/dom.ts';
import { day, hour, integer, moment, rate, votes } from '../shared/format.ts';
import { legendEntry } from '../shared/legend.ts';
import { keepPeople } from '../shared/people.ts';
import { showRehearsal } from '../shared/rehearsal.ts';
import { continuousHours } from '../shared/series.ts';
import { drawable } from '../shared/svg.ts';
import { votesIn } from '../../../libs/contract/votes-in.ts';

type Listed = AuditState['paredoes'][number];

const HOURS_SHOWN = 48;
const NEVER_OPENED: ReadonlySet<string> = new Set(['rascunho', 'agendado', 'descartado']);

const OUTCOMES = { confere: 'Confere', difere: 'Difere', 'nao-verificado': 'Não verificado' } as const;

function row(head: string, cells: readonly string[], isWrong: boolean): HTMLTableRowElement {
  const made = tableRow(head, cells);
  made.dataset['alerta'] = String(isWrong);
  return made;
}

function fact(term: string, value: string): HTMLElement {
  return element('div', [element('dt', term), element('dd', value, 'number')], 'fact');
}

/** What a poll is called in lists. */
const nameOf = ({ paredao, titulo, ensaio }: Pick<Listed, 'paredao' | 'titulo' | 'ensaio'>): string =>
  `${ensaio ? 'ENSAIO · ' : ''}${paredao}. ${titulo}`;

export function showState({ log, contagem, paredoes }: AuditState): void {
  byId('estado', HTMLElement).replaceChildren(
    fact('Fim do registro', log.posicao),
    fact('Apurado até', contagem.posicao),
    fact('Último evento', log.registrado_em === null ? '–' : moment(log.registrado_em)),
    fact('Apuração gravada', contagem.atualizado_em === null ? '–' : moment(contagem.atualizado_em)),
    fact('Atraso', `${rate(contagem.atraso_segundos)} s`),
    fact('Versão da apuração', contagem.versao),
  );
  const rows = paredoes.map((poll) => {
    const { estado, eventos_na_urna, eventos_contados, votos, quarentena } = poll;
    const inBox = eventos_na_urna === null ? 'Faltam eventos' : integer(eventos_na_urna);
    const cells = [estado, inBox, integer(eventos_contados), integer(votos), integer(quarentena)];
    return row(nameOf(poll), cells, eventos_na_urna === null || quarentena > 0);
  });
  byId('paredoes', HTMLElement).replaceChildren(...rows);
  offerPolls(paredoes);
}

/** Rows that a spreadsheet has, less its heading. */
const SPREADSHEET_ROWS = 1_048_575;

/** What one should know before one opens the files of a poll. */
export function showFilesHint(poll: Listed | undefined): void {
  const rows = poll?.eventos_na_urna ?? 0;
  setText(
    byId('arquivos-limite', HTMLElement),
    rows > SPREADSHEET_ROWS
      ? `A urna tem ${integer(rows)} linhas, e o Excel e o LibreOffice mostram só ${integer(SPREADSHEET_ROWS)}.`
      : '',
  );
}

/** Keeps the choice; without one it is the newest poll that was opened. */
function offerPolls(polls: AuditState['paredoes']): void {
  const select = byId('paredao', HTMLSelectElement);
  const opened = polls.find(({ estado }) => !NEVER_OPENED.has(estado));
  const chosen = select.value || (opened ?? polls[0])?.paredao;
  select.replaceChildren(
    ...polls.map((poll) => new Option(nameOf(poll), poll.paredao, false, poll.paredao === chosen)),
  );
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);

/** The legend, and the columns of the table: under each name the log beside the tally. */
function showPeople(people: Reconciliation['participantes']): void {
  const entries = keepPeople(byId('legenda', HTMLElement), people.length, legendEntry);
  for (const [index, { nome }] of people.entries()) setName(within(entries[index]!, '.name', HTMLElement), nome);
  const names = people.map(({ nome }) => heading(nome, 'colgroup', { columns: 2 }));
  const sides = people.flatMap(() => [heading('Registro', 'col'), heading('Apuração', 'col')]);
  const hours = [heading('Hora', 'col', { rows: 2 }), heading('Situação', 'col', { rows: 2 })];
  byId('horas-cabeca', HTMLElement).replaceChildren(element('tr', [...hours, ...names]), element('tr', sides));
}

function heading(title: string, scope: string, { columns = 1, rows = 1 } = {}): HTMLTableCellElement {
  return Object.assign(element('th', title), { scope, colSpan: columns, rowSpan: rows });
}

/** As the command says it: how far an agreement goes that nothing from outside of the service proves. */
export function outcome({ confere, ancorado }: Pick<Reconciliation, 'confere' | 'ancorado'>): string {
  if (!confere) return 'Não confere';
  if (ancorado === null) return 'Confere';
  const { folhas, de } = ancorado;
  if (folhas >= de) return 'Confere, ancorado';
  return folhas === 0 ? 'Confere, não ancorado' : `Confere, ancorado até a folha ${integer(folhas)} de ${integer(de)}`;
}

/** What was found is of a poll that is not chosen any more: nothing of it stays to be read beside the name of another. */
export function forgetReconciliation(): void {
  const verdict = byId('veredito', HTMLElement);
  delete verdict.dataset['resultado'];
  setText(verdict, 'Reconta todos os votos a partir do registro e compara com a apuração.');
  byId('conferencia', HTMLElement).hidden = true;
  showRehearsal({});
}

/** Shows a recount; the chart keeps its size to the window's. */
export function createReconciliationView(): (result: Reconciliation) => void {
  const paint = drawable(byId('horas', SVGElement), drawHours);
  return (result) => {
    showRehearsal(result);
    const { participantes, por_hora, confere, posicao, log, verificacoes, compromisso } = result;
    setText(byId('compromisso', HTMLElement), compromisso);
    const verdict = byId('veredito', HTMLElement);
    const counted = sum(votesIn(log));
    const recount = `${votes(counted)} ${counted === 1 ? 'recontado' : 'recontados'} até a posição ${posicao}`;
    const remarks = verificacoes.filter(({ resultado }) => resultado === 'difere').length;
    verdict.dataset['resultado'] = !confere ? 'difere' : remarks === 0 ? 'confere' : 'ressalva';
    const seeBelow = remarks === 0 ? '' : ' Há ressalvas nas verificações abaixo.';
    const mark = result.ensaio ? 'ENSAIO · ' : '';
    setText(verdict, `${mark}${outcome(result)}: paredão ${result.paredao}, ${recount}.${seeBelow}`);
    byId('conferencia', HTMLElement).hidden = false;
    showPeople(participantes);
    const hours = por_hora.map((entry) => {
      const votes = votesIn(entry.log);
      return { begins: entry.hora, total: sum(votes), votes };
    });
    paint(continuousHours(hours, HOURS_SHOWN));
    const rows = por_hora.toReversed().map((entry) => {
      const [inLog, inTally] = [votesIn(entry.log), votesIn(entry.contagem)];
      const counts = participantes.flatMap((_, index) => [inLog[index] ?? 0, inTally[index] ?? 0]).map(integer);
      return row(
        `${day(entry.hora)} ${hour(entry.hora)}`,
        [entry.confere ? 'Confere' : 'Difere', ...counts],
        !entry.confere,
      );
    });
    byId('horas-linhas', HTMLElement).replaceChildren(...rows);
    showChecks(byId('verificacoes', HTMLElement), verificacoes);
  };
}

/** What was checked, with what was found. */
export function showChecks(list: HTMLElement, checks: Reconciliation['verificacoes']): void {
  const items = checks.map(({ titulo, resultado, detalhe, como_verificar, diferencas, observacoes }) => {
    const item = element('li', [element('strong', `${OUTCOMES[resultado]}: ${titulo}`), new Text(` (${detalhe})`)]);
    item.dataset['resultado'] = resultado;
    const remedy = como_verificar === null ? [] : [`Para verificar: ${como_verificar}.`];
    for (const note of [...remedy, ...diferencas, ...observacoes]) item.append(element('p', note));
    return item;
  });
  list.replaceChildren(...items);
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
  const details = element('details');
  const content = element('pre', 'Buscando…');
  content.tabIndex = 0;
  details.append(element('summary', `${event.fluxo}, revisão ${event.revisao}: ${event.motivo}`), content);
  details.addEventListener('toggle', () => {
    if (details.open) void inspect(event).then((text) => setText(content, text));
  });
  return element('li', [details]);
}

export function showActions(actions: readonly AdminAction[]): void {
  const items = actions.toReversed().map(({ registrado_em, quem, o_que }) => {
    const item = element('li', '');
    item.append(element('strong', quem ?? 'sistema'), ` ${o_que} `, element('time', moment(registrado_em), 'number'));
    return item;
  });
  byId('acoes', HTMLElement).replaceChildren(...(items.length > 0 ? items : [element('li', 'Nenhuma ação ainda.')]));
}
