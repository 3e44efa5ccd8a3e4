import { type CurveObservation, PRICE_CLASSES, type Poll, type PriceClass } from '#domain';

import { sumOf } from '../counts.ts';
import type { AuditReport } from '../report.ts';
import { day, minute, number } from './formats.ts';

export const CURVE_TITLE = 'Observações sobre a curva (não invalidam nada)';

const PRICE_NAMES: Readonly<Record<PriceClass, string>> = {
  base: 'no preço base',
  raised: 'no preço elevado',
  suspicious: 'no preço mais alto',
};

/** How the votes came, where that was odd, a line each. */
export function curveLines({ curve, poll }: Pick<AuditReport, 'curve' | 'poll'>): string[] {
  if (curve === null) return [];
  const { observations, more, strays } = curve;
  return [
    ...observations.map((observation) => sayObservation(observation, poll)),
    ...(more > 0 ? [`e mais ${number(more)} observações`] : []),
    ...(strays > 0
      ? [`${number(strays)} votos de minutos que já tinham sido observados ficaram de fora da curva`]
      : []),
  ];
}

/** `23/11/26, 21:14 a 21:19, Ana: 8 vezes o ritmo dos minutos anteriores, 71% no preço mais alto (7.680 votos)` */
function sayObservation(observation: CurveObservation, poll: Poll | null): string {
  const { participant, from, to, votes, isOtherLevel, isOtherMix } = observation;
  const name = poll?.participants[participant - 1]?.name ?? `participante ${participant}`;
  const when = from === to ? minute(from) : `${minute(from)} a ${minute(to)}`;
  const what = [...(isOtherLevel ? [sayRate(observation)] : []), ...(isOtherMix ? [sayPrices(votes)] : [])];
  return `${day(from)}, ${when}, ${name}: ${what.join(', ')} (${number(sumOf(votes))} votos)`;
}

function sayRate({ votes, expected }: CurveObservation): string {
  if (expected < 1) return 'votos onde antes não havia';
  const ratio = sumOf(votes) / expected;
  const times = ratio < 10 ? Math.round(ratio * 10) / 10 : Math.round(ratio);
  return `${number(times)} ${ratio >= 1 && times !== 1 ? 'vezes' : 'vez'} o ritmo dos minutos anteriores`;
}

/** The dearest class that was paid at all. */
function sayPrices(votes: readonly number[]): string {
  const shares = votes.map((count) => Math.round((100 * count) / sumOf(votes)));
  const price = Math.max(
    0,
    shares.findLastIndex((share) => share > 0),
  );
  return `${number(shares[price]!)}% ${PRICE_NAMES[PRICE_CLASSES[price]!]}`;
}
