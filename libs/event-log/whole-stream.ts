import type { RecordedEvent } from '#domain';

import type { EventLog } from './event-log.ts';

/** All events of a stream that is small: what was decided about a poll, a photo. @throws EventLogUnavailableError */
export async function wholeStream(log: EventLog, stream: string): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const page of log.read(stream, 0n)) events.push(...page);
  return events;
}

/** The first event of a stream; undefined where it has none. @throws EventLogUnavailableError */
export async function firstOfStream(log: EventLog, stream: string, from = 0n): Promise<RecordedEvent | undefined> {
  for await (const [event] of log.read(stream, from)) return event;
  return undefined;
}
