import type { CurveObservation } from '#contract';
import { type CurveSnapshot, MINUTE_MS, isoTime, sharesOf } from '#domain';

/** What the curve of a poll shows; nothing for votes that do not say their price. */
export const curveView = (curve: CurveSnapshot | undefined): CurveObservation[] =>
  (curve?.observations ?? []).map(({ participant, from, to, votes, expected, isOtherLevel, isOtherMix }) => {
    const [base = 0, raised = 0, suspicious = 0] = votes;
    const total = base + raised + suspicious;
    const [, percentRaised = 0, percentSuspicious = 0] = sharesOf(votes);
    return {
      participante: participant,
      inicio_em: isoTime(from),
      fim_em: isoTime(to + MINUTE_MS),
      votos: total,
      ritmo_mudou: isOtherLevel,
      ritmo: expected > 0 ? Math.round((100 * total) / expected) / 100 : null,
      precos_mudaram: isOtherMix,
      percentual_preco_elevado: percentRaised,
      percentual_preco_maximo: percentSuspicious,
    };
  });
