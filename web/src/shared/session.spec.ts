import { describe, expect, it } from '@jest/globals';
import { parseSession } from './session.ts';

describe('parseSession', () => {
  it('reads a stored session', () => {
    const stored = { token: 'a.b.c', expiresAt: 7, since: 3, role: 'admin', user: 'ana' };
    expect(parseSession(JSON.stringify(stored))).toEqual(stored);
    expect(parseSession('{"token":"a.b.c","expiresAt":7}')).toEqual({ ...stored, since: 0, role: '', user: '' });
  });

  it.each([null, '', 'null', '7', '{', '{"token":7,"expiresAt":7}', '{"token":"a"}'])('takes %p for none', (stored) => {
    expect(parseSession(stored)).toBeNull();
  });
});
