import { OBJECTIVES } from '../../libs/contract/objectives.ts';
import { board } from '../lib/board.mjs';
import { lines, number, table } from '../lib/panels.mjs';
import { chosen, max, rate, sum } from '../lib/queries.mjs';

const faults = rate(chosen('http_request_duration_seconds_count', 'status=~"5.."'));
const refusals = rate(chosen('http_request_duration_seconds_count', 'status=~"4.."'));

const noneIsGood = [
  [0, 'green'],
  [0.000001, 'red'],
];

const { voteErrors, voteLatency, projectionLag, fastBurn } = OBJECTIVES;

const alarming = [
  [0, 'green'],
  [1, 'red'],
];

/** How many times faster than allowed a budget is used up; from `fastBurn` on somebody is woken. */
const burnRate = (window) => [
  [`vote:errors:ratio_rate${window} / ${voteErrors.share}`, 'votos com falha'],
  [`vote:slow:ratio_rate${window} / ${voteLatency.share}`, 'votos lentos'],
  [`projection:late:ratio${window} / ${projectionLag.share}`, 'resultado atrasado'],
];

export default board({
  uid: 'paredao-erros',
  title: 'Erros',
  description: 'O que falha, o que é recusado, e o que dizem o log e os alertas.',
  variables: ['datasource', 'service', 'instance'],
  rows: [
    {
      title: 'Agora',
      panels: [
        number({
          title: 'Falhas por segundo',
          description: 'Respostas 5xx: a culpa é nossa.',
          unit: 'reqps',
          query: `${sum(faults)} or vector(0)`,
          steps: noneIsGood,
        }),
        number({
          title: 'Votos com falha',
          description: 'Parte dos votos respondidos com 5xx nos últimos cinco minutos. O objetivo: no máximo 0,1 %.',
          unit: 'percentunit',
          query: 'vote:errors:ratio_rate5m',
          steps: [
            [0, 'green'],
            [voteErrors.share, 'red'],
          ],
        }),
        number({
          title: 'Recusas por segundo',
          description: 'Respostas 4xx: pedidos malfeitos, repetidos, fora de hora ou em excesso.',
          unit: 'reqps',
          query: sum(refusals),
        }),
        number({
          title: 'Linhas de erro por segundo',
          description: 'O que os serviços escrevem no log em nível error.',
          unit: 'cps',
          query: sum(rate(chosen('log_lines_total', 'level="error"'))),
          steps: noneIsGood,
        }),
        number({
          title: 'Em quarentena',
          description: 'Eventos que o projetor não soube ler: guardados, mas não contados.',
          unit: 'short',
          query: 'max(tally_events{outcome="quarantined"})',
          steps: alarming,
        }),
        number({
          title: 'Alertas disparados',
          description: 'Alertas que valem agora; abaixo, quais.',
          unit: 'short',
          query: 'count(ALERTS{alertstate="firing"}) or vector(0)',
          steps: alarming,
        }),
      ],
    },
    {
      title: 'Respostas',
      panels: [
        lines({
          title: 'Falhas por rota',
          description: 'Respostas 5xx por segundo, por rota e status.',
          unit: 'reqps',
          queries: [[sum(faults, 'service', 'route', 'status'), '{{status}} {{service}} {{route}}']],
        }),
        lines({
          title: 'Recusas por rota',
          description: 'Respostas 4xx por segundo, por rota e status.',
          unit: 'reqps',
          queries: [[sum(refusals, 'route', 'status'), '{{status}} {{route}}']],
        }),
        lines({
          title: 'Votos não aceitos',
          description: 'Por quê: o código do problema que o eleitor recebeu.',
          unit: 'suffix: votos/s',
          queries: [[sum(rate(chosen('votes_total', 'result!~"accepted|repeated"')), 'result'), '{{result}}']],
        }),
      ],
    },
    {
      title: 'Objetivos: quantas vezes mais rápido que o permitido se gasta a margem de erro',
      panels: [
        lines({
          title: 'Na última hora',
          description: 'Acima de 14,4 por cinco minutos e por uma hora alguém é chamado.',
          unit: 'suffix:×',
          limit: fastBurn,
          queries: burnRate('1h'),
        }),
        lines({
          title: 'Nas últimas seis horas',
          description: 'Acima de 6 alguém é chamado; acima de 1 por três dias abre-se um chamado.',
          unit: 'suffix:×',
          limit: 6,
          queries: burnRate('6h'),
        }),
      ],
    },
    {
      title: 'Log e contagem',
      panels: [
        lines({
          title: 'Linhas de log por nível',
          description: 'O que os serviços escrevem, por nível; as linhas estão no Graylog.',
          unit: 'cps',
          queries: [[sum(rate(chosen('log_lines_total')), 'level'), '{{level}}']],
        }),
        lines({
          title: 'Reenvios ao log',
          description: 'Lotes enviados outra vez porque não se soube se chegaram.',
          unit: 'cps',
          queries: [[sum(rate(chosen('vote_append_retries_total')), 'instance'), '{{instance}}']],
        }),
        lines({
          title: 'Votos que não contam',
          description: 'O que a contagem deixou de fora: repetidos, atrasados, vencidos, em quarentena.',
          unit: 'suffix: votos',
          queries: [[max(chosen('tally_events', 'outcome!="counted"'), 'outcome'), '{{outcome}}']],
        }),
      ],
    },
    {
      title: 'Códigos e alertas',
      panels: [
        table({
          title: 'Códigos da última hora',
          description: 'Pedidos recusados ou falhos na última hora, por código e serviço.',
          unit: 'short',
          query: 'round(problem:requests:increase1h) > 0',
          columns: ['service', 'code', 'Value'],
        }),
        table({
          title: 'Disparados e pendentes',
          description: 'O que fazer está em docs/operations.md, sob o nome do alerta.',
          unit: 'short',
          query: 'ALERTS',
          columns: ['alertname', 'alertstate', 'severity', 'service', 'instance'],
        }),
      ],
    },
  ],
});
