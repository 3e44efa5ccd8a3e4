import type { LogEvent, Sample } from '#contract';

/** Both grow by what is new, skip what comes twice, and forget the oldest. */

/** Events the page keeps of each level, and samples: five minutes of them. */
const EVENTS = 100;
const SAMPLES = 300;

/** The events that are kept with those that came, newest first. A restarted service begins again at 1. */
export function withEvents(kept: readonly LogEvent[], came: readonly LogEvent[]): LogEvent[] {
  const known = new Set(kept.map(keyOf));
  const all = [...came.filter((event) => !known.has(keyOf(event))), ...kept];
  const seen = { error: 0, warn: 0, info: 0, debug: 0 };
  return all
    .sort((one, other) => Date.parse(other.registrado_em) - Date.parse(one.registrado_em) || other.numero - one.numero)
    .filter(({ nivel }) => ++seen[nivel] <= EVENTS);
}

const keyOf = ({ numero, registrado_em }: LogEvent): string => `${numero} ${registrado_em}`;

/** The samples that are kept with those that came, oldest first. */
export function withSamples(kept: readonly Sample[], came: readonly Sample[]): Sample[] {
  const last = Date.parse(kept.at(-1)?.medido_em ?? '') || 0;
  return [...kept, ...came.filter(({ medido_em }) => Date.parse(medido_em) > last)].slice(-SAMPLES);
}
