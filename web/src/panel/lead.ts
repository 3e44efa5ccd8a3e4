import type { Total } from '#contract';
import { lastHour } from '../shared/series.ts';

const MINUTE = 60_000;
/** How far back a trend looks, minutes. */
const TREND_MINUTES = 10;

/** How the one who leads now stood at a moment. */
export interface LeadPoint {
  /** ms since the epoch */
  readonly at: number;
  /** Votes more than the best of the others; negative: that one was ahead. */
  readonly gap: number;
}

/** The lead over the last hour of a poll. */
export interface Lead {
  /** Number of the one whom it is measured for: who has most votes, the first of those that are equal. */
  readonly of: number;
  /** Number of the best of the others. */
  readonly over: number;
  /** Whether nobody has most votes. */
  readonly isTie: boolean;
  /** The oldest first; the last one is now, or the end of a poll that is over. */
  readonly points: readonly LeadPoint[];
}

/** How the lead moved of late. */
export interface Trend {
  readonly kind: 'grows' | 'shrinks' | 'rests' | 'turned' | 'unknown';
  /** Votes by which it moved; of `turned`: 0. */
  readonly by: number;
  /** For how long, or how long ago it turned, minutes. */
  readonly minutes: number;
}

/** The moment up to which a poll counted: now, or its end. */
export const countedUntil = ({ encerrado_em, atualizado_em }: Total): string => encerrado_em ?? atualizado_em;

/** Goes back from what is counted, minute by minute, to the opening or an hour ago. */
export function leadOver(total: Total): Lead {
  const until = countedUntil(total);
  const opened = Date.parse(total.aberto_em);
  const votes = total.por_participante.map(({ votos }) => votos);
  const [of, over] = total.por_participante.toSorted((a, b) => b.votos - a.votos).map(({ numero }) => numero);
  const others = (): number[] => votes.filter((_, index) => index + 1 !== of);
  const gap = (): number => votes[of! - 1]! - Math.max(...others());
  const points: LeadPoint[] = [{ at: Date.parse(until), gap: gap() }];
  const isTie = gap() === 0;
  for (const { begins, votes: counts } of lastHour(total.por_minuto, until).toReversed()) {
    for (const [index, count] of counts.entries()) votes[index] = Math.max((votes[index] ?? 0) - count, 0);
    const at = Math.max(Date.parse(begins), opened);
    if (at < points.at(-1)!.at) points.push({ at, gap: gap() });
  }
  return { of: of!, over: over!, isTie, points: points.toReversed() };
}

/** When the one who leads came to lead; undefined: an hour ago already, or from the beginning. */
function turnedAt(points: readonly LeadPoint[]): number | undefined {
  const before = points.findLastIndex(({ gap }) => gap < 0);
  return before < 0 ? undefined : points[before + 1]?.at;
}

/** What became of the lead in the last ten minutes. */
export function trendOf({ points, isTie }: Lead): Trend {
  const now = points.at(-1)!;
  const since = points.findLast(({ at }) => at <= now.at - TREND_MINUTES * MINUTE) ?? points[0]!;
  const minutesTo = (at: number): number => Math.max(Math.floor((now.at - at) / MINUTE), 1);
  const turned = isTie ? undefined : turnedAt(points);
  if (turned !== undefined && turned >= since.at) return { kind: 'turned', by: 0, minutes: minutesTo(turned) };
  if (points.length < 2) return { kind: 'unknown', by: 0, minutes: 0 };
  const by = now.gap - since.gap;
  const kind = by === 0 ? 'rests' : by > 0 ? 'grows' : 'shrinks';
  return { kind, by: Math.abs(by), minutes: minutesTo(since.at) };
}
