import { OBJECTIVES } from '../../libs/contract/objectives.ts';
import { board } from '../lib/board.mjs';
import { heatmap, lines, number } from '../lib/panels.mjs';
import { VOTE_ROUTE, chosen, max, quantile, quantiles, rate, sum } from '../lib/queries.mjs';

const REQUESTS = 'http_request_duration_seconds';
/** Seconds within which 99 % of the votes are answered. */
const OBJECTIVE = OBJECTIVES.voteLatency.seconds;
/** Seconds that the results may be behind. */
const LAG_OBJECTIVE = OBJECTIVES.projectionLag.seconds;

const againstObjective = [
  [0, 'green'],
  [0.1, 'orange'],
  [OBJECTIVE, 'red'],
];

const voteTime = (q, name, meaning) =>
  number({
    title: `Voto, ${name}`,
    description: `${meaning} dos votos é respondido neste tempo ou antes. O objetivo: 99 % em 250 ms.`,
    unit: 's',
    query: quantile(q, REQUESTS, VOTE_ROUTE),
    steps: againstObjective,
  });

export default board({
  uid: 'paredao-latencia',
  title: 'Latência',
  description: 'Quanto se espera: por votos, por rotas, pelo log, pelos resultados.',
  variables: ['datasource', 'service', 'instance'],
  rows: [
    {
      title: 'Agora',
      panels: [
        voteTime(0.5, 'p50', 'Metade'),
        voteTime(0.95, 'p95', '95 %'),
        voteTime(0.99, 'p99', '99 %'),
        number({
          title: 'Votos em 250 ms',
          description: 'Parte dos votos respondidos sem falha em menos de 250 ms, nos últimos cinco minutos.',
          unit: 'percentunit',
          query: '1 - vote:slow:ratio_rate5m',
          steps: [
            [0, 'red'],
            [0.99, 'green'],
          ],
        }),
        number({
          title: 'Atraso do resultado',
          description: 'Idade do que o projetor mais adiantado ainda não contou.',
          unit: 's',
          query: 'min(projection_lag_seconds)',
          steps: [
            [0, 'green'],
            [1, 'orange'],
            [LAG_OBJECTIVE, 'red'],
          ],
        }),
        number({
          title: 'Fôlego',
          description: 'Atraso do laço de eventos no pior processo (p99): tudo o que ele faz espera tanto.',
          unit: 's',
          query: max(chosen('nodejs_eventloop_lag_p99_seconds')),
          steps: [
            [0, 'green'],
            [0.05, 'orange'],
            [0.1, 'red'],
          ],
        }),
      ],
    },
    {
      title: 'Votos',
      panels: [
        lines({
          title: 'Tempo de um voto',
          description:
            'Do primeiro byte da requisição ao fim da resposta, gravação durável incluída. A linha: o objetivo do p99.',
          unit: 's',
          limit: OBJECTIVE,
          queries: quantiles(REQUESTS, VOTE_ROUTE),
        }),
        heatmap({
          title: 'Distribuição dos votos',
          description: 'Quantos votos por segundo em cada faixa de tempo.',
          unit: 's',
          query: sum(rate(chosen(`${REQUESTS}_bucket`, VOTE_ROUTE)), 'le'),
        }),
      ],
    },
    {
      title: 'Rotas e serviços',
      panels: [
        lines({
          title: 'p99 por rota',
          description: 'O mais lento por cento de cada rota. Os fluxos ao vivo não entram: duram quanto o leitor quer.',
          unit: 's',
          queries: [[quantile(0.99, REQUESTS, 'route!~".*/aovivo"', 'method', 'route'), '{{method}} {{route}}']],
        }),
        lines({
          title: 'p99 por serviço',
          description: 'O mais lento por cento de cada serviço.',
          unit: 's',
          queries: [[quantile(0.99, REQUESTS, 'route!~".*/aovivo"', 'service'), '{{service}}']],
        }),
      ],
    },
    {
      title: 'Por dentro',
      panels: [
        lines({
          title: 'Gravação de um lote',
          description: 'Do primeiro envio de um lote até ele estar durável no log.',
          unit: 's',
          queries: quantiles('vote_append_duration_seconds'),
        }),
        lines({
          title: 'Atraso da projeção',
          description: 'Quanto cada projetor está atrás do log; basta um em dia. A linha: o objetivo.',
          unit: 's',
          limit: LAG_OBJECTIVE,
          queries: [[max(chosen('projection_lag_seconds'), 'instance'), '{{instance}}']],
        }),
        lines({
          title: 'Laço de eventos',
          description: 'Atraso do laço de eventos de cada processo (p99).',
          unit: 's',
          queries: [
            [max(chosen('nodejs_eventloop_lag_p99_seconds'), 'service', 'instance'), '{{service}} {{instance}}'],
          ],
        }),
        lines({
          title: 'Coleta de lixo',
          description: 'Parte do tempo que cada processo passa na coleta de lixo.',
          unit: 'percentunit',
          queries: [
            [sum(rate(chosen('nodejs_gc_duration_seconds_sum')), 'service', 'instance'), '{{service}} {{instance}}'],
          ],
        }),
      ],
    },
  ],
});
