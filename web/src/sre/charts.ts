import { integer, rate } from '../shared/format.ts';
import { OBJECTIVES } from '../../../libs/contract/objectives.ts';
import { createChart, type Chart, type Line, type View } from './line-chart.ts';
import type { SampleStore } from './sample-store.ts';
import type { Sample } from '#contract';

const { voteErrors, voteLatency, projectionLag, standstill } = OBJECTIVES;

const line = (kind: string, name: string, valueOf: Line['valueOf']): Line => ({ kind, name, valueOf });
const inMilliseconds = (key: 'p50_segundos' | 'p95_segundos' | 'p99_segundos') => (sample: Sample) =>
  sample[key] === null ? null : sample[key] * 1_000;

const CHARTS: readonly Chart[] = [
  {
    id: 'grafico-execucoes',
    lines: [line('all', 'Pedidos', ({ pedidos }) => pedidos), line('votes', 'Votos', ({ votos }) => votos)],
    show: rate,
    limits: [],
  },
  {
    id: 'grafico-latencia',
    lines: [
      line('p50', 'p50', inMilliseconds('p50_segundos')),
      line('p95', 'p95', inMilliseconds('p95_segundos')),
      line('p99', 'p99', inMilliseconds('p99_segundos')),
    ],
    show: (value) => `${rate(value)} ms`,
    limits: [
      { value: voteLatency.seconds * 1_000, text: `objetivo do p99: ${integer(voteLatency.seconds * 1_000)} ms` },
    ],
  },
  {
    id: 'grafico-erros',
    lines: [
      line('failed', 'Falhas', ({ falhas }) => falhas),
      line('refused', 'Recusas', ({ recusas }) => recusas),
      line('objective', 'Falhas permitidas', ({ votos }) => votos * voteErrors.share),
    ],
    show: rate,
    limits: [],
  },
  {
    id: 'grafico-fila',
    lines: [
      line('oldest', 'Voto mais antigo', ({ mais_antigo_segundos: seconds }) => seconds),
      line('lag', 'Atraso do resultado', ({ atraso_segundos: seconds }) => seconds),
    ],
    show: (value) => `${rate(value)} s`,
    limits: [
      { value: standstill.seconds, text: `alarme: votos parados há ${integer(standstill.seconds)} s` },
      { value: projectionLag.seconds, text: `objetivo do resultado: ${integer(projectionLag.seconds)} s` },
    ],
  },
];

/** The four charts over one window of time. Whoever points at a moment in one sees it in all. */
export class Charts {
  readonly #store: SampleStore;
  readonly #show: ((view: View) => void)[];
  #cursor: number | undefined;

  constructor(store: SampleStore) {
    this.#store = store;
    const point = (at: number | undefined): void => {
      if (at === this.#cursor) return;
      this.#cursor = at;
      this.draw();
    };
    this.#show = CHARTS.map((chart) => createChart(chart, point));
  }

  draw(): void {
    const view = { ...this.#store.view(), cursor: this.#cursor };
    for (const show of this.#show) show(view);
  }
}
