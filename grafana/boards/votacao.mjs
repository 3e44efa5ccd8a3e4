import { OBJECTIVES } from '../../libs/contract/objectives.ts';
import { board } from '../lib/board.mjs';
import { lines, number } from '../lib/panels.mjs';
import { sealed } from '../lib/sealed.mjs';

/** Two projectors count the same votes: the one that is ahead tells. */
const votes = 'max by (participant) (tally_votes)';
const outcome = (name) => `max(tally_events{outcome="${name}"})`;
const accepted = 'sum(rate(votes_total{result="accepted"}[$__rate_interval]))';

const STATES = ['aberto', 'encerrado', 'conferido', 'proclamado', 'anulado'];

const left = (title, name, description, colour) =>
  number({
    title,
    description,
    unit: 'suffix: votos',
    query: outcome(name),
    steps: [
      [0, 'green'],
      [1, colour],
    ],
  });

/** Each poll is audited when it is sealed, without being asked. */
const audits = (title, name, description) =>
  number({
    title,
    description,
    unit: 'suffix: paredões',
    query: `max(closing_audits{outcome="${name}"})`,
    steps: [
      [0, 'green'],
      [1, 'red'],
    ],
  });

export default board({
  uid: 'paredao-votacao',
  title: 'Votação',
  description: 'Para a produção: o paredão mais recente, ao vivo. Os números oficiais são os de /total.',
  variables: ['datasource'],
  rows: [
    {
      title: 'O paredão',
      panels: [
        number({
          title: 'Estado',
          description:
            'Aberto: vota-se. Encerrado: ninguém vota mais. Conferido: uma auditoria confere. Proclamado: o público sabe. Anulado: não vale.',
          unit: 'none',
          query: STATES.map((state, index) => `${index + 1} * max(poll_state{state="${state}"})`).join(' + '),
          mappings: [
            {
              type: 'value',
              options: Object.fromEntries(STATES.map((text, index) => [index + 1, { text, index }])),
            },
          ],
        }),
        number({
          title: 'Votos',
          description: 'Todos os votos contados deste paredão.',
          unit: 'suffix: votos',
          query: `sum(${votes})`,
        }),
        number({
          title: 'Votos por segundo',
          description: 'Votos gravados por segundo.',
          unit: 'suffix: votos/s',
          query: accepted,
        }),
        number({
          title: 'Votos parados',
          description: 'Há quanto tempo chegam votos e nenhum é gravado, na pior instância. Zero é bom.',
          unit: 's',
          query: 'max(vote_queue_standstill_seconds)',
          steps: [
            [0, 'green'],
            [OBJECTIVES.standstill.seconds, 'red'],
          ],
        }),
        number({
          title: 'Espera do mais antigo',
          description: 'Há quanto tempo espera o voto mais antigo que ainda não foi gravado.',
          unit: 's',
          query: 'max(vote_queue_oldest_seconds)',
          steps: [
            [0, 'green'],
            [OBJECTIVES.voteLatency.seconds, 'orange'],
            [OBJECTIVES.standstill.seconds, 'red'],
          ],
        }),
        number({
          title: 'Idade dos números',
          description: 'Quanto a contagem está atrás dos votos já gravados.',
          unit: 's',
          query: 'min(projection_lag_seconds)',
          steps: [
            [0, 'green'],
            [OBJECTIVES.projectionLag.seconds, 'red'],
          ],
        }),
      ],
    },
    {
      title: 'Participantes',
      panels: [
        lines({
          title: 'Votos',
          description: 'Votos contados de cada participante desde a abertura.',
          unit: 'suffix: votos',
          queries: [[votes, '{{participant}}']],
        }),
        lines({
          title: 'Ritmo',
          description: 'Votos por segundo para cada participante, na média do último minuto.',
          unit: 'suffix: votos/s',
          queries: [['max by (participant) (deriv(tally_votes[1m]))', '{{participant}}']],
        }),
        lines({
          title: 'Percentual',
          description: 'Parte de cada participante no total.',
          unit: 'percentunit',
          max: 1,
          queries: [[`${votes} / scalar(sum(${votes}))`, '{{participant}}']],
        }),
      ],
    },
    {
      title: 'Como os votos chegam',
      panels: [
        lines({
          title: 'Ritmo do minuto ÷ ritmo de antes',
          description:
            'O último minuto inteiro de cada participante, dividido pela mediana dos quinze anteriores. De 3 para cima, ou de um terço para baixo, é uma observação. Uma chamada no ar também faz isso.',
          unit: 'suffix: vezes',
          queries: [['max by (participant) (curve_rate_ratio)', '{{participant}}']],
        }),
        lines({
          title: 'Parte no preço mais alto',
          description: 'Parte dos votos do último minuto inteiro que pagou o preço de quem pede muito.',
          unit: 'percentunit',
          max: 1,
          queries: [['max by (participant) (curve_price_share{price="suspicious"})', '{{participant}}']],
        }),
      ],
    },
    {
      title: 'O que não conta, e o que não confere',
      panels: [
        left('Repetidos', 'duplicate', 'O mesmo voto gravado duas vezes depois de uma falha: conta um.', 'text'),
        left('Atrasados', 'late', 'Votos gravados depois do corte.', 'text'),
        left('Vencidos', 'expired', 'Votos cujo desafio já não valia.', 'orange'),
        left('Em quarentena', 'quarantined', 'Eventos ilegíveis: a produção deve falar com a operação.', 'red'),
        audits('Auditorias que não conferem', 'differs', 'Paredões lacrados cujo log diz outra coisa: não anunciar.'),
        audits('Auditorias sem resposta', 'failed', 'Paredões lacrados que ninguém pôde recontar em dez minutos.'),
      ],
    },
    sealed,
    {
      title: 'Quem tenta votar',
      panels: [
        lines({
          title: 'Aceitos e recusados',
          description: 'O que foi respondido a quem votou, por segundo.',
          unit: 'suffix: votos/s',
          queries: [['sum by (result) (rate(votes_total[$__rate_interval]))', '{{result}}']],
        }),
        lines({
          title: 'Dificuldade da prova',
          description: 'Quantos cálculos um celular faz no máximo por voto.',
          unit: 'short',
          queries: [['max(human_check_difficulty)', 'dificuldade']],
        }),
      ],
    },
  ],
});
