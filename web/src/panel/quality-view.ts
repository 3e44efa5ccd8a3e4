import { integer, moment, rate } from '../shared/format.ts';
import { described } from '../../../libs/wording/purpose.ts';
import { showCurve } from './curve-view.ts';
import { fill, mark } from './fields.ts';
import { LATE } from './staleness.ts';
import type { Total } from '#contract';

/** Characters of the digest that are shown. */
const DIGEST_SHOWN = 16;

/** "Paredão nº 7, votação para eliminar, aberto em 23/11/2026, 19:41." */
function periodOf({ paredao, ensaio, finalidade, aberto_em, encerrado_em, anulado }: Total): string {
  const purpose = described(finalidade).toLowerCase();
  const end = encerrado_em === null ? '' : `, encerrado em ${moment(encerrado_em)}`;
  const why = anulado === null ? '' : ` Anulado: ${anulado.motivo}`;
  return `${ensaio ? 'Ensaio' : 'Paredão'} nº ${paredao}, ${purpose && `${purpose}, `}aberto em ${moment(aberto_em)}${end}.${why}`;
}

/** How good the numbers are, and of which poll. */
export function showQuality(total: Total): void {
  fill('atraso', `${rate(total.atraso_projecao_segundos)} s`);
  mark('atraso', total.atraso_projecao_segundos > LATE);
  fill('duplicados', integer(total.duplicados));
  fill('atrasados', integer(total.atrasados));
  fill('expirados', integer(total.expirados));
  fill('quarentena', integer(total.quarentena));
  mark('quarentena', total.quarentena > 0);
  fill('completo', total.completo ? 'Completa' : 'Incompleta');
  mark('completo', !total.completo);
  fill('revisao', total.revisao);
  fill('digest', total.digest.slice(0, DIGEST_SHOWN));
  fill('periodo', periodOf(total));
  showCurve(total);
}
