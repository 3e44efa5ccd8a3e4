import { byId, setName, setText } from '../shared/dom.ts';
import { setFitted } from '../shared/fitted.ts';
import { integer, votes } from '../shared/format.ts';
import { drawable } from '../shared/svg.ts';
import { share } from '../../../libs/wording/percent.ts';
import { drawLead } from './hour-charts.ts';
import { type Lead, type Trend, leadOver, trendOf } from './lead.ts';
import type { Total } from '#contract';

/** The panel knows the counts, so a tie here is a tie of votes. */
function situation(total: Total, { isTie, points }: Lead): string {
  if (total.total === 0) return total.final ? 'terminou sem votos' : 'nenhum voto ainda';
  if (isTie) return total.final ? 'terminou em empate' : 'empate';
  const gap = votes(points.at(-1)!.gap);
  return total.final ? `${gap} a mais` : `diferença de ${gap}`;
}

/** "2,34 pontos", where somebody leads */
function pointsText({ por_participante: people, total }: Total, { of, over, isTie }: Lead): string {
  if (total === 0 || isTie) return '';
  const points = people[of - 1]!.percentual - people[over - 1]!.percentual;
  return `${share(points)} ${points < 2 ? 'ponto' : 'pontos'}`;
}

function trendText({ kind, by, minutes }: Trend): string {
  if (kind === 'turned') return `Virou há ${minutes} min`;
  if (kind === 'grows') return `Cresceu ${integer(by)} em ${minutes} min`;
  if (kind === 'shrinks') return `Caiu ${integer(by)} em ${minutes} min`;
  return kind === 'rests' ? `Igual há ${minutes} min` : '';
}

/** Whether anybody checked a result that is over; a check that failed is news. */
function showCheck({ final, conferido_em, apuracao }: Total): void {
  const line = byId('conferencia', HTMLElement);
  const { conferido_por, nao_confere_em, nao_confere_por, diferencas } = apuracao;
  const failed = `A conferência não confere: ${diferencas ?? 0} diferenças (${nao_confere_por ?? ''})`;
  const checked = conferido_em === null ? '' : `Conferido por ${conferido_por ?? ''}`;
  line.dataset['alerta'] = String(nao_confere_em !== null);
  setText(line, nao_confere_em === null ? (final ? checked || 'Ainda não conferido' : '') : failed);
}

/** Who leads, by how much, and how that came in the last hour. Returns the lead that it shows. */
export function createLeadView(): (total: Total) => Lead {
  const paint = drawable(byId('vantagem', SVGElement), drawLead);
  const panel = byId('vantagem-painel', HTMLElement);
  const who = byId('lider', HTMLElement);
  const chip = byId('lider-numero', HTMLElement);
  const trend = byId('tendencia', HTMLElement);
  return (total) => {
    const lead = leadOver(total);
    const { of, over, isTie } = lead;
    const isLed = !isTie && total.total > 0;
    const people = total.por_participante;
    panel.dataset['number'] = isLed ? String(of) : '';
    setText(chip, isLed ? String(of) : '');
    setName(who, isLed ? people[of - 1]!.nome : '');
    setFitted(byId('situacao', HTMLElement), situation(total, lead));
    setText(byId('pontos', HTMLElement), pointsText(total, lead));
    const moved = trendOf(lead);
    trend.dataset['tendencia'] = moved.kind;
    setText(trend, total.final || total.total === 0 ? '' : trendText(moved));
    showCheck(total);
    paint({ lead, below: people.length === 2 ? `${people[over - 1]!.nome} na frente` : '' });
    return lead;
  };
}
