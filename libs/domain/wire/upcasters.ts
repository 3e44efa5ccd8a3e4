import type { EventContent } from './recorded-event.ts';

/**
 * Writes an event of an old version as one of a newer version.
 * @throws UnreadableEventError when it cannot be read
 */
export type Upcaster = (data: Uint8Array) => EventContent;

/**
 * By type and version: `VoteCast@0`. Stored events are read through here and never rewritten. An upcaster for events that were
 * quarantined counts them in the next rebuild, and so in every replay.
 */
export const UPCASTERS = new Map<string, Upcaster>();

/** The event in the newest version that there is an upcaster to; its place in the log stays. */
export function upcast<Event extends EventContent>(event: Event): Event {
  let current = event;
  while (UPCASTERS.size > 0) {
    const upcaster = UPCASTERS.get(`${current.type}@${String(current.version)}`);
    if (upcaster === undefined) break;
    current = { ...current, ...upcaster(current.data) };
  }
  return current;
}
