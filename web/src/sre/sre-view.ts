import { drawLines, type Line } from '../shared/charts.ts';
import { byId, element, setText, tableRow, within } from '../shared/dom.ts';
import { age, integer, rate, time } from '../shared/format.ts';
import { withEvents, withSamples } from './recent.ts';
import { drawable } from '../shared/svg.ts';
import type { LogEvent, LogLevel, Operations, Sample } from '#contract';

const LEVEL_NAMES: Record<LogLevel, string> = { error: 'Erro', warn: 'Aviso', info: 'Info', debug: 'Debug' };

/** A row whose first cell is its header; the same rows again change nothing. */
function fillRows(id: string, rows: readonly (readonly [string, ...string[]])[]): void {
  const body = byId(id, HTMLTableSectionElement);
  const key = JSON.stringify(rows);
  if (body.dataset['chave'] === key) return;
  body.dataset['chave'] = key;
  body.replaceChildren(...rows.map(([name, ...cells]) => tableRow(name, cells, 'number')));
}

const fill = (name: string, text: string): void =>
  setText(within(document, `[data-campo="${name}"]`, HTMLElement), text);

const milliseconds = (seconds: number | null): string => (seconds === null ? '–' : rate(seconds * 1_000));

/** What most lines are about, in one line: "POST /votar/:participante 503 queue-full ×12". */
function gist({ method, route, status, code, count, err }: LogEvent['dados']): string {
  const times = typeof count === 'number' ? `×${integer(count)}` : undefined;
  const error = (err as { message?: unknown } | undefined)?.message;
  const parts = [method, route, status, code, times, error];
  return parts.filter((part) => typeof part === 'string' || typeof part === 'number').join(' ');
}

/** The row of an event; what else its line says opens with it. */
function eventRow({ nivel, registrado_em, origem, mensagem, dados }: LogEvent): HTMLElement {
  const more = Object.keys(dados).length > 0;
  const title = [document.createTextNode(`${mensagem} `), element('span', gist(dados), 'gist')];
  const message = more
    ? [element('details', [element('summary', title), element('pre', JSON.stringify(dados, undefined, 2))])]
    : mensagem;
  const row = element('tr', [
    element('td', time(registrado_em), 'number'),
    element('td', [element('span', LEVEL_NAMES[nivel], 'level')]),
    element('td', origem, 'origin'),
    element('td', message, 'message'),
  ]);
  row.dataset['nivel'] = nivel;
  return row;
}

/** The three charts. */
function createCharts(): (samples: readonly Sample[]) => void {
  const [executions, latency, errors] = ['grafico-execucoes', 'grafico-latencia', 'grafico-erros'].map((id) =>
    drawable(byId(id, SVGSVGElement), drawLines),
  );
  return (samples) => {
    const seconds = (Date.parse(samples.at(-1)?.medido_em ?? '') - Date.parse(samples[0]?.medido_em ?? '')) / 1_000;
    const from = samples.length === 0 ? '' : age(seconds);
    const line = (kind: string, valueOf: (sample: Sample) => number | null): Line => ({
      kind,
      values: samples.map((sample) => valueOf(sample) ?? 0),
    });
    executions?.({ from, lines: [line('all', ({ pedidos }) => pedidos), line('votes', ({ votos }) => votos)] });
    latency?.({
      from,
      lines: [
        line('p50', ({ p50_segundos: seconds }) => seconds && seconds * 1_000),
        line('p95', ({ p95_segundos: seconds }) => seconds && seconds * 1_000),
        line('p99', ({ p99_segundos: seconds }) => seconds && seconds * 1_000),
      ],
    });
    errors?.({
      from,
      lines: [line('failed', ({ falhas }) => falhas), line('refused', ({ recusas }) => recusas)],
    });
  };
}

/** The log, filtered by level. What is open stays open: rows are only added and taken away. */
function createEvents(): (came: readonly LogEvent[]) => void {
  const body = byId('linhas-eventos', HTMLTableSectionElement);
  const rows = new Map<LogEvent, HTMLElement>();
  let kept: LogEvent[] = [];
  for (const button of document.querySelectorAll<HTMLButtonElement>('.filter')) {
    button.addEventListener('click', () => {
      const on = button.getAttribute('aria-pressed') !== 'true';
      button.setAttribute('aria-pressed', String(on));
      body.toggleAttribute(`data-sem-${button.dataset['nivel'] ?? ''}`, !on);
    });
  }
  return (came) => {
    kept = withEvents(kept, came);
    const current = new Set(kept);
    for (const [event, row] of rows) {
      if (current.has(event)) continue;
      row.remove();
      rows.delete(event);
    }
    kept.forEach((event, index) => {
      if (rows.has(event)) return;
      const row = eventRow(event);
      rows.set(event, row);
      body.insertBefore(row, body.children[index] ?? null);
    });
  };
}

/** The page inside the login. */
export function createOperationsView(): { show(operations: Operations): void } {
  const showCharts = createCharts();
  const showEvents = createEvents();
  let samples: Sample[] = [];
  return {
    show({ nivel, eventos, amostras, rotas, problemas, redes }) {
      samples = withSamples(samples, amostras);
      const last = samples.at(-1);
      fill('pedidos', last ? rate(last.pedidos) : '–');
      fill('p99', last ? milliseconds(last.p99_segundos) : '–');
      fill('falhas', last ? rate(last.falhas) : '–');
      document.body.dataset['falhando'] = String((last?.falhas ?? 0) > 0);
      showCharts(samples);
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
      fillRows(
        'linhas-erros',
        problemas.map(({ codigo, pedidos }) => [codigo, integer(pedidos)]),
      );
      fillRows(
        'linhas-redes',
        redes.map(({ rede, pedidos, vezes }) => [rede, integer(pedidos), `${integer(vezes)}×`]),
      );
      showEvents(eventos);
      setText(
        byId('nivel', HTMLElement),
        nivel === 'debug' || nivel === 'trace' ? '' : `O serviço registra a partir de ${nivel} (LOG_LEVEL).`,
      );
    },
  };
}
