import type { RecordedEvent } from '#domain';

import { Differences } from './differences.ts';

/** The log's clock may step back by as much as hosts may be apart, ms: another member of a cluster may take over. */
const CLOCK_STEP_MS = 5000;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Where an event stands, in words. */
export const placeOf = ({ stream, revision }: Pick<RecordedEvent, 'stream' | 'revision'>): string =>
  `${stream}, revisão ${String(revision)}`;

/** Looks at the order of a poll's events: revisions without gaps, positions and times that do not fall, usable ids. */
export class OrderCheck {
  readonly order = new Differences();
  readonly ids = new Differences();
  private readonly revisions = new Map<string, bigint>();
  private position = -1n;
  private clock = 0;

  add(event: RecordedEvent): void {
    this.checkRevision(event);
    if (event.position < this.position) {
      this.order.add(`${placeOf(event)}: a posição ${String(event.position)} vem depois da ${String(this.position)}`);
    } else this.position = event.position;
    if (event.recordedAt < this.clock - CLOCK_STEP_MS) {
      this.order.add(
        `${placeOf(event)}: registrado em ${isoOf(event.recordedAt)}, antes do anterior (${isoOf(this.clock)})`,
      );
    }
    // not the running maximum: a single time that was set forward is named once, not at every event behind it
    this.clock = event.recordedAt;
    if (!UUID.test(event.id)) this.ids.add(`${placeOf(event)}: "${event.id}" não é um UUID`);
  }

  private checkRevision(event: RecordedEvent): void {
    const { stream, revision } = event;
    const expected = (this.revisions.get(stream) ?? -1n) + 1n;
    if (revision > expected) {
      const missing = revision - expected;
      const range =
        missing === 1n ? `a revisão ${String(expected)}` : `as revisões ${String(expected)} a ${String(revision - 1n)}`;
      this.order.add(`${stream}: falta${missing === 1n ? '' : 'm'} ${range}`);
    } else if (revision < expected) {
      this.order.add(`${placeOf(event)}: vem depois da revisão ${String(expected - 1n)}`);
    }
    this.revisions.set(stream, revision);
  }
}

/** A time for people; what is no time at all is shown as it is. */
export function isoOf(time: number): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? `${time} ms` : date.toISOString();
}
