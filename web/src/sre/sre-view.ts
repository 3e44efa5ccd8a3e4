import { breakable, byId, setText, tableRow, within } from '../shared/dom.ts';
import { integer, moment, rate } from '../shared/format.ts';
import { serverClock } from '../shared/server-clock.ts';
import { OBJECTIVES } from '../../../libs/contract/objectives.ts';
import { AlertList } from './alert-list.ts';
import { Charts } from './charts.ts';
import { EventList } from './event-list.ts';
import { showProblems } from './problem-table.ts';
import { SampleStore, type Range } from './sample-store.ts';
import { Silence } from './silence.ts';
import type { Operations } from '#contract';

const VOTE = 'POST /votar/:participante';

/** A row whose first cell is its header; the same rows again change nothing. */
function fillRows(id: string, rows: readonly (readonly [string, ...string[]])[]): void {
  const body = byId(id, HTMLTableSectionElement);
  const key = JSON.stringify(rows);
  if (body.dataset['chave'] === key) return;
  body.dataset['chave'] = key;
  body.replaceChildren(...rows.map(([name, ...cells]) => tableRow(breakable(name), cells, 'number')));
}

const fill = (name: string, text: string): void =>
  setText(within(document, `[data-campo="${name}"]`, HTMLElement), text);

const milliseconds = (seconds: number | null): string => (seconds === null ? '–' : rate(seconds * 1_000));

/** A failure stays red for so long: a second would not be seen, ms. */
const RED_MS = 10_000;
let failedAt = -Infinity;

/** The numbers in large letters; nothing is known of the present while nothing comes. */
function showNumbers({ fila, amostras, rotas }: Operations): void {
  const last = amostras.at(-1);
  const vote = rotas.find(({ rota }) => rota === VOTE);
  fill('pedidos', last ? rate(last.pedidos) : '–');
  fill('p99', milliseconds(vote?.p99_segundos ?? null));
  fill('falhas', last ? rate(last.falhas) : '–');
  fill('fila', integer(fila.votos));
  fill('antigo', fila.votos === 0 ? '' : `, o mais antigo há ${rate(fila.mais_antigo_segundos)} s`);
  if (amostras.some(({ falhas }) => falhas > 0)) failedAt = performance.now();
  document.body.dataset['falhando'] = String(performance.now() - failedAt < RED_MS);
  document.body.dataset['lento'] = String((vote?.p99_segundos ?? 0) > OBJECTIVES.voteLatency.seconds);
  const stands = fila.parado_segundos >= OBJECTIVES.standstill.seconds;
  document.body.dataset['parado'] = String(stands);
  fill('parado', stands ? `Nenhum voto gravado há ${rate(fila.parado_segundos)} s` : '');
}

function showTables({ rotas, problemas, redes }: Operations): void {
  fillRows(
    'linhas-execucoes',
    rotas.map(({ rota, por_segundo }) => [rota, rate(por_segundo)]),
  );
  fillRows(
    'linhas-latencia',
    rotas.map(({ rota, p50_segundos, p95_segundos, p99_segundos }) => [
      rota,
      ...[p50_segundos, p95_segundos, p99_segundos].map(milliseconds),
    ]),
  );
  showProblems(problemas);
  fillRows(
    'linhas-redes',
    redes.map(({ rede, pedidos, vezes }) => [rede, integer(pedidos), `${integer(vezes)}×`]),
  );
}

/** Which process this is, and what it does not keep. */
function showInstance({ instancia, nivel, historico_gravado: kept, atalhos }: Operations): void {
  setText(
    byId('instancia', HTMLElement),
    `${instancia.nome} · versão ${instancia.versao} · desde ${moment(instancia.desde_em)}`,
  );
  setText(
    byId('nivel', HTMLElement),
    nivel === 'debug' || nivel === 'trace' ? '' : `O serviço registra a partir de ${nivel} (LOG_LEVEL).`,
  );
  byId('historico', HTMLElement).hidden = kept;
  for (const [name, address] of Object.entries(atalhos)) {
    const link = within(document, `[data-atalho="${name}"]`, HTMLAnchorElement);
    link.hidden = address === null;
    if (address !== null) link.href = address;
  }
}

/** The page inside the login. */
export class OperationsView {
  readonly #store: SampleStore = new SampleStore(() => this.#charts.draw());
  readonly #charts = new Charts(this.#store);
  readonly #events = new EventList();
  readonly #alerts = new AlertList();
  readonly #silence = new Silence(() => {
    for (const name of ['pedidos', 'p99', 'falhas', 'fila']) fill(name, '–');
    for (const name of ['antigo', 'parado']) fill(name, '');
    for (const sign of ['falhando', 'lento', 'parado']) document.body.dataset[sign] = 'false';
  });

  constructor() {
    const range = byId('periodo', HTMLSelectElement);
    range.addEventListener('change', () => {
      this.#store.choose(range.value as Range);
      this.#charts.draw();
    });
  }

  enter(token: string): void {
    this.#store.open(token);
    this.#silence.begin();
  }

  /** From now on what is asked for is asked with this token. */
  renew(token: string): void {
    this.#store.open(token);
  }

  /** The stream is there, maybe again. */
  live(): void {
    this.#store.open();
  }

  show(operations: Operations): void {
    const before = this.#store.newest;
    this.#silence.heard();
    this.#store.add(operations.amostras);
    if (this.#store.newest) serverClock.hear(this.#store.newest.medido_em);
    showNumbers(operations);
    showTables(operations);
    showInstance(operations);
    this.#alerts.show(operations.alertas, operations.alertmanager);
    this.#events.add(operations.eventos);
    if (this.#store.newest !== before) this.#charts.draw();
  }

  /** The window moves on, also while nothing comes: then what is missing is a gap. */
  tick(): void {
    if (this.#silence.isSilent) this.#charts.draw();
  }
}
