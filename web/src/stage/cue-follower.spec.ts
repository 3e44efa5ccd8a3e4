import { beforeEach, describe, expect, it } from '@jest/globals';

import type { Stage } from '#contract';

import { CueFollower } from './cue-follower.ts';

const NOW = Date.parse('2026-11-23T22:00:00.000Z');
const frame = (modo: Stage['modo'], askedAt: number | null = null, paredao = '1'): Stage =>
  ({ paredao, modo, pedido_em: askedAt === null ? null : new Date(askedAt).toISOString() }) as Stage;

let cues: CueFollower;
/** Hears a frame at a time, and says what is on then: the mode, and since when. */
const hears = (given: Stage, now: number) => {
  cues.hear(given, now);
  return on(now);
};
const on = (now: number) => {
  const shown = cues.at(now);
  return shown && [shown.frame.modo, shown.since];
};

beforeEach(() => {
  cues = new CueFollower();
});

describe('what is on the wall', () => {
  it('is nothing before the first frame, and what that says at once, without a beginning', () => {
    expect(on(NOW)).toBeUndefined();
    expect(hears(frame('revelacao', NOW - 100), NOW)).toEqual(['revelacao', null]);
  });

  it('changes with a cue at the same moment everywhere, however long that was on its way', () => {
    const switchedAt = [100, 350].map((delay) => {
      cues = new CueFollower();
      hears(frame('suspense', NOW - 60_000), NOW);
      expect(hears(frame('revelacao', NOW), NOW + delay)).toEqual(['suspense', null]);
      expect(on(NOW + 599)).toEqual(['suspense', null]);
      return on(NOW + 600);
    });
    expect(switchedAt).toEqual(Array(2).fill(['revelacao', NOW + 600]));
  });

  it('keeps the picture before until then, not the frames that come meanwhile', () => {
    const before = frame('parcial', NOW - 60_000);
    hears(before, NOW);
    hears(frame('suspense', NOW), NOW + 100);
    hears(frame('suspense', NOW), NOW + 350);
    expect(cues.at(NOW + 350)?.frame).toBe(before);
  });

  it('goes on in the middle of a reveal that began while the connection was lost', () => {
    hears(frame('suspense', NOW - 60_000), NOW);
    expect(hears(frame('revelacao', NOW + 1000), NOW + 5000)).toEqual(['revelacao', NOW + 1600]);
  });

  it('begins a reveal now where clocks disagree about when it was asked for', () => {
    for (const askedAt of [NOW - 5000, NOW + 5000]) {
      cues = new CueFollower();
      hears(frame('suspense', NOW - 60_000), NOW);
      hears(frame('revelacao', askedAt), NOW + 250);
      const [mode, since] = on(NOW + 1000)!;
      expect(mode).toBe('revelacao');
      expect(Math.abs((since as number) - NOW)).toBeLessThanOrEqual(850);
    }
  });

  it('takes the last of two cues that come close together', () => {
    hears(frame('contagem', NOW - 60_000), NOW);
    hears(frame('parcial', NOW), NOW + 100);
    hears(frame('suspense', NOW + 200), NOW + 350);
    expect(on(NOW + 700)).toEqual(['contagem', null]);
    expect(on(NOW + 800)).toEqual(['suspense', NOW + 800]);
  });

  it('is another poll at once, without a reveal', () => {
    hears(frame('revelacao', NOW - 60_000), NOW);
    expect(hears(frame('contagem', null, '2'), NOW + 250)).toEqual(['contagem', null]);
    expect(hears(frame('revelacao', NOW, '1'), NOW + 500)).toEqual(['revelacao', null]);
  });
});
