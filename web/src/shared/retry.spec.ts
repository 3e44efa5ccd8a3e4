import { describe, expect, it } from '@jest/globals';
import { ApiFailure } from './failure.ts';
import { backoff, decide, MAX_TRIES } from './retry.ts';

const refused = (status: number, code: string, retryAfter: number | null = null) =>
  new ApiFailure({ kind: 'refused', status, code, retryAfter });
const first = { tries: 1, renewals: 0 };

describe('backoff', () => {
  it('doubles, and stays at 15 s', () => {
    expect([1, 2, 3, 4, 5, 6, 60].map((tries) => backoff(tries, null, 0))).toEqual([
      1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000,
    ]);
  });

  it('never comes back before the server asked for it', () => {
    expect(backoff(1, 5, 0)).toBe(5_000);
    expect(backoff(4, 5, 0)).toBe(8_000);
  });

  it('spreads the phones over 30 %', () => {
    expect(backoff(1, 10, 0.999)).toBeGreaterThan(12_900);
    expect(backoff(1, 10, 0.999)).toBeLessThanOrEqual(13_000);
  });
});

describe('decide', () => {
  it.each([
    [429, 'too-many-requests', 'crowded'],
    [429, 'too-many-challenges', 'crowded'],
    [503, 'queue-full', 'busy'],
    [503, 'log-unavailable', 'busy'],
    [503, 'shutting-down', 'busy'],
    [502, '', 'busy'],
  ])('sends the same challenge again after %i %s, and knows why it waits', (status, code, reason) => {
    expect(decide(refused(status, code, 3), first, 0)).toEqual({ action: 'retry', delay: 3_000, reason });
  });

  it.each(['network', 'timeout'] as const)('sends the same challenge again after a %s fault', (kind) => {
    expect(decide(new ApiFailure({ kind }), first, 0)).toEqual({ action: 'retry', delay: 1_000, reason: 'network' });
  });

  it('waits for the line, however many tries were made', () => {
    expect(decide(new ApiFailure({ kind: 'offline' }), { tries: 99, renewals: 1 }, 0)).toEqual({
      action: 'await-online',
    });
  });

  it('stops after a bounded number of tries and says why', () => {
    const last = { tries: MAX_TRIES, renewals: 0 };
    expect(decide(refused(503, 'queue-full'), last, 0)).toEqual({ action: 'give-up', reason: 'busy' });
    expect(decide(new ApiFailure({ kind: 'timeout' }), last, 0)).toEqual({ action: 'give-up', reason: 'network' });
  });

  it.each(['human-check-invalid', 'human-check-expired', 'human-check-used'])(
    'replaces a challenge refused as %s, once',
    (code) => {
      const status = code === 'human-check-used' ? 409 : 403;
      expect(decide(refused(status, code), first, 0)).toEqual({ action: 'renew' });
      expect(decide(refused(status, code), { tries: 2, renewals: 1 }, 0)).toEqual({
        action: 'give-up',
        reason: 'refused',
      });
    },
  );

  it('knows a closed poll, a paused one and a changed one', () => {
    expect(decide(refused(409, 'poll-paused'), first, 0)).toEqual({ action: 'paused' });
    expect(decide(refused(409, 'poll-not-open'), first, 0)).toEqual({ action: 'closed' });
    expect(decide(refused(404, 'participant-not-found'), first, 0)).toEqual({ action: 'reload' });
    expect(decide(refused(404, 'poll-not-found'), first, 0)).toEqual({ action: 'reload' });
  });

  it('does not repeat what will be refused again', () => {
    expect(decide(refused(415, 'unsupported-media-type'), first, 0)).toEqual({ action: 'give-up', reason: 'refused' });
  });
});
