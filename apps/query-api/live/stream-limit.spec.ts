import { describe, expect, it } from '@jest/globals';

import { StreamLimit } from './stream-limit.ts';

const STAFF = { ip: '203.0.113.1', principal: { name: 'producao', role: 'producao' } } as const;
const visitor = (number: number): { ip: string } => ({ ip: `10.0.${String(number >> 8)}.${String(number & 255)}` });

/** As many as find a place. */
function fill(limit: StreamLimit, request: (number: number) => Parameters<StreamLimit['take']>[0]): number {
  for (let number = 0; ; number++) {
    try {
      limit.take(request(number));
    } catch {
      return number;
    }
  }
}

describe('the places of live streams', () => {
  it.each([
    [5000, 4900],
    [20, 18],
    [1, 0],
    [0, 0],
  ])('of %i the public gets %i, and the staff the rest', (all, ofPublic) => {
    const limit = new StreamLimit(all);
    expect(fill(limit, visitor)).toBe(ofPublic);
    expect(fill(limit, () => STAFF)).toBe(all - ofPublic);
    expect(() => limit.take(STAFF)).toThrow(expect.objectContaining({ code: 'too-many-streams' }));
  });

  it('are 200 at most for the public at one address or in one IPv6 /64, and free again when they are given back', () => {
    const limit = new StreamLimit(5000);
    const leave = limit.take({ ip: '2001:db8::1' });
    expect(fill(limit, (number) => ({ ip: `2001:db8::${(number + 2).toString(16)}` }))).toBe(199);
    expect(fill(limit, () => visitor(1))).toBe(200);
    leave();
    expect(fill(limit, () => ({ ip: '2001:db8::1' }))).toBe(1);
    expect(limit.taken).toBe(400);
    limit.take({ ...STAFF, ip: '10.0.0.1' });
  });
});
