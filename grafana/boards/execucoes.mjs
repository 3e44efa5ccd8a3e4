import { OBJECTIVES } from '../../libs/contract/objectives.ts';
import { board } from '../lib/board.mjs';
import { lines, number } from '../lib/panels.mjs';
import { chosen, max, mean, quantile, rate, sum } from '../lib/queries.mjs';

const requests = rate(chosen('http_request_duration_seconds_count'));

export default board({
  uid: 'paredao-execucoes',
  title: 'Execuções',
  description: 'Quanto se faz: requisições, votos, lotes, projeção e leitores.',
  variables: ['datasource', 'service', 'instance'],
  rows: [
    {
      title: 'Agora',
      panels: [
        number({
          title: 'Requisições por segundo',
          description: 'Todas as respostas, de todas as rotas, também as recusadas.',
          unit: 'reqps',
          query: sum(requests),
        }),
        number({
          title: 'Votos por segundo',
          description: 'Votos gravados no log: só estes contam.',
          unit: 'suffix: votos/s',
          query: sum(rate(chosen('votes_total', 'result="accepted"'))),
        }),
        number({
          title: 'Em andamento',
          description: 'Requisições que ainda esperam a resposta.',
          unit: 'short',
          query: sum(chosen('http_requests_in_flight')),
        }),
        number({
          title: 'Na fila',
          description: 'Votos que esperam o log ou estão a caminho dele.',
          unit: 'short',
          query: sum(chosen('vote_queue_depth')),
        }),
        number({
          title: 'Lendo ao vivo',
          description: 'Clientes que acompanham o resultado por SSE.',
          unit: 'short',
          query: sum(chosen('sse_clients')),
        }),
        number({
          title: 'Instâncias no ar',
          description: 'Processos que respondem com suas métricas.',
          unit: 'short',
          query: sum(chosen('up')),
          steps: [
            [0, 'red'],
            [1, 'green'],
          ],
        }),
      ],
    },
    {
      title: 'Requisições',
      panels: [
        lines({
          title: 'Por serviço',
          description: 'Respostas por segundo de cada serviço.',
          unit: 'reqps',
          queries: [[sum(requests, 'service'), '{{service}}']],
        }),
        lines({
          title: 'Por rota',
          description: 'Respostas por segundo de cada rota, com o método.',
          unit: 'reqps',
          queries: [[sum(requests, 'method', 'route'), '{{method}} {{route}}']],
        }),
      ],
    },
    {
      title: 'Votos',
      panels: [
        lines({
          title: 'Por resultado',
          description: 'O que foi respondido a quem votou. “repeated”: o mesmo desafio outra vez, contado uma vez só.',
          unit: 'suffix: votos/s',
          queries: [[sum(rate(chosen('votes_total')), 'result'), '{{result}}']],
        }),
        lines({
          title: 'Tamanho dos lotes',
          description: 'Votos que saem juntos em uma gravação: crescem com a carga e com a lentidão do disco.',
          unit: 'suffix: votos',
          queries: [
            [mean('vote_append_batch_size'), 'média'],
            [quantile(0.99, 'vote_append_batch_size'), 'p99'],
          ],
        }),
        lines({
          title: 'Fila',
          description: 'Votos na fila de cada instância e o seu limite: além dele, 503.',
          unit: 'short',
          queries: [
            [max(chosen('vote_queue_depth'), 'instance'), '{{instance}}'],
            [max(chosen('vote_queue_limit')), 'limite'],
          ],
        }),
        lines({
          title: 'Idade do mais antigo',
          description:
            'Quanto espera o voto mais antigo de cada instância. A linha: quando alguém é chamado se nenhum sai.',
          unit: 's',
          limit: OBJECTIVES.standstill.alertSeconds,
          queries: [[max(chosen('vote_queue_oldest_seconds'), 'instance'), '{{instance}}']],
        }),
      ],
    },
    {
      title: 'Projeção e leitura',
      panels: [
        lines({
          title: 'Posição da projeção',
          description: 'Até onde cada projetor leu o log; linhas juntas e subindo são boas.',
          unit: 'short',
          queries: [[max(chosen('projection_position'), 'instance'), '{{instance}}']],
        }),
        lines({
          title: 'Provas de trabalho',
          description: 'Verificações humanas por resultado; “passed” são as boas.',
          unit: 'cps',
          queries: [[sum(rate(chosen('human_checks_total')), 'outcome'), '{{outcome}}']],
        }),
        lines({
          title: 'Quem espera e quem acompanha',
          description: 'Eleitores que esperam o resultado com o seu voto, e clientes dos fluxos ao vivo.',
          unit: 'short',
          queries: [
            [sum(chosen('result_waiters')), 'esperando'],
            [sum(chosen('sse_clients')), 'ao vivo'],
          ],
        }),
      ],
    },
  ],
});
