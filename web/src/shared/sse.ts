/** One event of a `text/event-stream`; `event` is 'message' when the stream named none. */
export interface SseEvent {
  readonly event: string;
  readonly data: string;
}

/** A single event larger than this (in characters) is a fault of the stream, not something to keep in memory. */
const MAX_PENDING = 1_000_000;

function parseBlock(block: string): SseEvent | null {
  let event = 'message';
  const data: string[] = [];
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') event = value;
    else if (field === 'data') data.push(value);
  }
  return data.length === 0 ? null : { event, data: data.join('\n') };
}

/**
 * A parser to be fed with decoded text as it arrives, in pieces of any size; it calls `onEvent` for each whole event.
 * Comments, `id` and `retry` are skipped. Throws RangeError when an event does not end within 1,000,000 characters.
 */
export function createSseParser(onEvent: (event: SseEvent) => void): (text: string) => void {
  let pending = '';
  return (text) => {
    // A CR at the very end may be half of a CRLF: it stays in `pending` as it is until more comes.
    pending = (pending + text).replace(/\r\n|\r(?!$)/g, '\n');
    let end = pending.indexOf('\n\n');
    for (; end >= 0; end = pending.indexOf('\n\n')) {
      const parsed = parseBlock(pending.slice(0, end));
      pending = pending.slice(end + 2);
      if (parsed) onEvent(parsed);
    }
    if (pending.length > MAX_PENDING) throw new RangeError('event too large');
  };
}
