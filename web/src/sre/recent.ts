import type { LogEvent, Sample } from '#contract';

/** Both grow by what is new, skip what comes twice, and forget the oldest. */

/** Events the page keeps of each level. */
const EVENTS = 100;

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

/** The samples that are kept with those that came, oldest first; those of before a restart stay. */
export function withSamples(kept: readonly Sample[], came: readonly Sample[], most: number): Sample[] {
  const last = kept.at(-1)?.medido_em ?? '';
  // the usual case, twice a second: all that is new is newer
  if (came.every(({ medido_em }) => medido_em > last)) return [...kept, ...came].slice(-most);
  const known = new Map([...kept, ...came].map((sample) => [sample.medido_em, sample]));
  return [...known.values()].sort((one, other) => (one.medido_em < other.medido_em ? -1 : 1)).slice(-most);
}
