import { describe, expect, it } from '@jest/globals';

import { BoxPlace } from './box-place.ts';
import { ID_GRACE_MS, IdWindow } from './id-window.ts';

const EXPIRES_AT = Date.UTC(2026, 10, 23, 22, 5);
const IDS = 200_000;

const bytesOf = (window: IdWindow): number =>
  (window as unknown as { ids: { slots: Uint32Array } }).ids.slots.byteLength;

function votesOf(window: IdWindow, from: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const voteId = (from + index).toString(16).padStart(8, '0').repeat(4);
    const humanCheck = { provider: 'altcha', difficulty: 1 };
    return window.admit({ voteId, participantId: 1, castAt: 0, expiresAt: EXPIRES_AT, humanCheck });
  });
}

describe('the ids of votes', () => {
  it('are freed when none of them may come again, and not before', () => {
    const window = new IdWindow(new BoxPlace());
    votesOf(window, 0, IDS);
    const full = bytesOf(window);
    expect(full).toBeGreaterThan(IDS * 20);

    window.forgetBefore(EXPIRES_AT + ID_GRACE_MS);
    expect(bytesOf(window)).toBe(full);
    expect(new Set(votesOf(window, 0, 10))).toEqual(new Set(['duplicate']));
    window.forgetBefore(EXPIRES_AT + ID_GRACE_MS + 1);
    expect(bytesOf(window)).toBeLessThan(full / 10);
  });

  it('are expired by the clock alone after that', () => {
    const place = new BoxPlace();
    const window = new IdWindow(place);
    votesOf(window, 0, 10);
    window.forgetBefore(EXPIRES_AT + ID_GRACE_MS + 1);
    place.clock = EXPIRES_AT + ID_GRACE_MS + 1;
    expect(new Set(votesOf(window, 0, 10))).toEqual(new Set(['expired']));
  });
});
