import { type RecordedEvent, UnreadableEventError, upcast } from '#domain';

/** The event as the fold reads it: in the newest version, or of no type at all where its upcaster cannot read it. */
export function asRead(event: RecordedEvent): RecordedEvent {
  try {
    return upcast(event);
  } catch (error) {
    if (!(error instanceof UnreadableEventError)) throw error;
    return { ...event, type: '' };
  }
}
