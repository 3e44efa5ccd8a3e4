import { byId, setText, showLines } from '../shared/dom.ts';
import { minute, rate, votes } from '../shared/format.ts';
import { percent } from '../../../libs/wording/percent.ts';
import type { Total } from '#contract';

type Observation = Total['observacoes'][number];

/** Minutes for which an observation is news. */
const NEWS_MINUTES = 10;

/** All observations, the newest first, and beside the chart whether one of them is news. */
export function showCurve(total: Total): void {
  const { observacoes, atualizado_em } = total;
  const lines = observacoes.toReversed().map((observation) => sayObservation(observation, nameOf(total, observation)));
  byId('curva', HTMLElement).hidden = lines.length === 0;
  showLines(byId('curva-linhas', HTMLElement), lines);
  const last = Math.max(...observacoes.map(({ fim_em }) => Date.parse(fim_em)));
  const news = byId('salto', HTMLElement);
  news.hidden = Date.parse(atualizado_em) - last >= NEWS_MINUTES * 60_000;
  setText(news, 'salto na curva');
}

const nameOf = ({ por_participante }: Total, { participante }: Observation): string =>
  por_participante.find(({ numero }) => numero === participante)?.nome ?? `participante ${participante}`;

/** "21h14 a 21h20, Ana: 8,0 vezes o ritmo, 71,00% no preço mais alto (7.680 votos)" */
function sayObservation(observation: Observation, name: string): string {
  const { inicio_em, fim_em, ritmo_mudou, ritmo, precos_mudaram } = observation;
  const what = [
    ...(ritmo_mudou ? [ritmo === null ? 'votos onde antes não havia' : `${rate(ritmo)} vezes o ritmo`] : []),
    ...(precos_mudaram ? [prices(observation)] : []),
  ];
  return `${minute(inicio_em)} a ${minute(fim_em)}, ${name}: ${what.join(', ')} (${votes(observation.votos)})`;
}

function prices({ percentual_preco_maximo: highest, percentual_preco_elevado: raised }: Observation): string {
  if (highest > 0) return `${percent(highest)} no preço mais alto`;
  return raised > 0 ? `${percent(raised)} no preço elevado` : 'todos no preço base';
}
