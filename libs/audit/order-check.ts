import { type RecordedEvent, isBallotBox, isoTime } from '#domain';

import { Findings, finding, placeOf } from './findings.ts';

/** The log's clock may step back by as much as hosts may be apart, ms: another member of a cluster may take over. */
const CLOCK_STEP_MS = 5000;
/** No clock decides by rule 2, and every clock may be set: by less than a day, or somebody notices, ms. */
export const CLOCK_SET_MS = 86_400_000;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Looks at the order of a poll's events: revisions without gaps, positions and times that do not fall, usable ids. */
export class OrderCheck {
  readonly order = new Findings();
  /** Where the log's clock ran backwards. */
  readonly clock = new Findings();
  readonly ids = new Findings();
  /** Id → revision, of decisions, which are few. Those of votes are looked at in SQL. */
  private readonly seen = new Map<string, string>();
  private readonly revisions = new Map<string, bigint>();
  private position = -1n;
  private lastRecordedAt = 0;

  add(event: RecordedEvent): void {
    this.checkRevision(event);
    if (event.position < this.position) {
      this.order.add(finding('position-out-of-order', placeOf(event), String(this.position), String(event.position)));
    } else this.position = event.position;
    if (event.recordedAt < this.lastRecordedAt - CLOCK_STEP_MS) {
      const [before, now] = [isoOf(this.lastRecordedAt), isoOf(event.recordedAt)];
      this.clock.add(finding('recorded-earlier', placeOf(event), before, now));
    }
    // not the running maximum: a single time that was set forward is named once, not at every event after it
    this.lastRecordedAt = event.recordedAt;
    this.checkId(event);
  }

  private checkId(event: RecordedEvent): void {
    if (!UUID.test(event.id)) this.ids.add(finding('invalid-event-id', placeOf(event), null, event.id));
    if (isBallotBox(event.stream)) return;
    const first = this.seen.get(event.id);
    if (first !== undefined) this.ids.add(finding('repeated-event-id', placeOf(event), null, first));
    else this.seen.set(event.id, String(event.revision));
  }

  private checkRevision(event: RecordedEvent): void {
    const { stream, revision } = event;
    const expected = (this.revisions.get(stream) ?? -1n) + 1n;
    if (revision > expected) {
      const place = { stream, revision: String(expected), lastRevision: String(revision - 1n) };
      this.order.add(finding('missing-revisions', place));
    } else if (revision < expected) {
      this.order.add(finding('revision-out-of-order', placeOf(event), String(expected), String(revision)));
    }
    this.revisions.set(stream, revision);
  }
}

/** A time for people; what is no time at all is shown as it is. */
export function isoOf(time: number): string {
  return Number.isNaN(new Date(time).getTime()) ? `${time} ms` : isoTime(time);
}
