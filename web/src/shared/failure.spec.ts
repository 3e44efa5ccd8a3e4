import { describe, expect, it } from '@jest/globals';
import { ApiFailure, asFailure, parseRetryAfter, problemOf } from './failure.ts';

describe('parseRetryAfter', () => {
  const now = Date.parse('2026-11-23T22:00:00Z');

  it.each([
    ['3', 3],
    [' 12 ', 12],
    ['0', 0],
    ['86400', 300],
    ['Mon, 23 Nov 2026 22:00:07 GMT', 7],
    ['Mon, 23 Nov 2026 21:59:00 GMT', 0],
    ['soon', null],
    ['', null],
    [null, null],
  ])('reads %p as %p', (header, seconds) => {
    expect(parseRetryAfter(header, now)).toBe(seconds);
  });
});

describe('problemOf', () => {
  it('takes the code of a problem document and nothing else', () => {
    expect(problemOf({ code: 'poll-not-open', title: 'Não.', status: 409 })).toEqual({
      code: 'poll-not-open',
      title: 'Não.',
    });
    expect(problemOf({ code: 7 })).toEqual({ code: '', title: '' });
    expect(problemOf(null)).toEqual({ code: '', title: '' });
    expect(problemOf('<html>')).toEqual({ code: '', title: '' });
  });
});

describe('asFailure', () => {
  it('keeps an ApiFailure and wraps anything else', () => {
    const failure = new ApiFailure({ kind: 'refused', status: 503, code: 'queue-full', retryAfter: 2 });
    expect(asFailure(failure)).toBe(failure);
    expect(asFailure(new TypeError('x'))).toMatchObject({ kind: 'network', status: 0, code: '', retryAfter: null });
  });
});
