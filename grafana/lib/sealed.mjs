import { lines, number } from './panels.mjs';

/** How far ballot boxes are sealed and cosigned: a row of a board. */
export const sealed = {
  title: 'A urna como registro público',
  panels: [
    number({
      title: 'Eventos selados',
      description: 'Até onde vai o último checkpoint assinado da urna: a zerésima, os votos e o corte.',
      unit: 'none',
      query: 'max(seal_size{log="1"})',
    }),
    number({
      title: 'Espera do mais antigo sem selo',
      description: 'Há quanto tempo espera o evento mais antigo que nenhum checkpoint cobre.',
      unit: 's',
      query: 'max(min by (poll, log) (seal_unsealed_seconds))',
      steps: [
        [0, 'green'],
        [30, 'red'],
      ],
    }),
    number({
      title: 'Registros recusados',
      description: 'Urnas ou atos que não são mais o que foi publicado: não anunciar, e chamar a operação.',
      unit: 'none',
      query: 'sum(max by (poll, log) (seal_refused))',
      steps: [
        [0, 'green'],
        [1, 'red'],
      ],
    }),
    number({
      title: 'Espera das testemunhas',
      description: 'Há quanto tempo um checkpoint publicado espera a assinatura da testemunha mais atrasada.',
      unit: 's',
      query: 'max(min by (witness) (witness_waiting_seconds)) or vector(0)',
      steps: [
        [0, 'green'],
        [300, 'red'],
      ],
    }),
    lines({
      title: 'Respostas das testemunhas',
      description: 'O que cada testemunha respondeu, por segundo; só “cosigned” é uma assinatura.',
      unit: 'suffix: /s',
      queries: [
        ['sum by (witness, outcome) (rate(witness_answers_total[$__rate_interval]))', '{{witness}} {{outcome}}'],
      ],
    }),
    lines({
      title: 'Idade da última assinatura',
      description: 'Há quanto tempo cada testemunha assinou pela última vez desde o início do serviço.',
      unit: 's',
      queries: [['min by (witness) (witness_cosignature_age_seconds)', '{{witness}}']],
    }),
  ],
};
