import { describe, expect, it } from '@jest/globals';
import { createSseParser, type SseEvent } from './sse.ts';

/** The events that come out when the stream arrives in these pieces. */
function parse(...pieces: string[]): SseEvent[] {
  const events: SseEvent[] = [];
  const feed = createSseParser((event) => events.push(event));
  pieces.forEach(feed);
  return events;
}

const total = { event: 'total', data: '{"total":1}' };

describe('the event stream parser', () => {
  it('reads an event', () => {
    expect(parse('event: total\ndata: {"total":1}\n\n')).toEqual([total]);
  });

  it.each([1, 2, 3, 7])('does not care about the size of the pieces (%i)', (size) => {
    const stream = 'event: total\r\ndata: {"total":1}\r\n\r\n: comment\n\nevent:total\ndata:{"total":1}\n\n';
    const pieces = stream.match(new RegExp(`[\\s\\S]{1,${size}}`, 'g')) ?? [];
    expect(parse(...pieces)).toEqual([total, total]);
  });

  it('joins several data lines and knows the default name', () => {
    expect(parse('data: a\ndata:\ndata: b\n\n')).toEqual([{ event: 'message', data: 'a\n\nb' }]);
  });

  it('skips comments, ids and events without data, and waits for the end of an event', () => {
    expect(parse(': ping\n\nid: 7\nretry: 100\n\nevent: total\n\ndata: half')).toEqual([]);
  });

  it('does not grow without bound', () => {
    expect(() => parse(`data: ${'x'.repeat(1_000_001)}`)).toThrow(RangeError);
  });
});
