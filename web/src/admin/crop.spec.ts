import { describe, expect, it } from '@jest/globals';

import { portraitCrop, stepped } from './crop.ts';

describe('a portrait', () => {
  it('is cut around the face as far as the edges allow, and says where the face is in it', () => {
    const wide = { width: 1500, height: 600 };
    expect(portraitCrop(wide, { x: 50, y: 50 })).toEqual({
      left: 500,
      top: 0,
      width: 500,
      height: 600,
      focus: { x: 50, y: 50 },
    });
    expect(portraitCrop(wide, { x: 100, y: 50 })).toMatchObject({ left: 1000, focus: { x: 100, y: 50 } });
    expect(portraitCrop(wide, { x: 0, y: 0 })).toMatchObject({ left: 0, focus: { x: 0, y: 0 } });
    const tall = { width: 500, height: 1200 };
    expect(portraitCrop(tall, { x: 50, y: 50 })).toMatchObject({
      top: 360,
      width: 500,
      height: 600,
      focus: { x: 50, y: 40 },
    });
    expect(portraitCrop(tall, { x: 50, y: 100 })).toMatchObject({ top: 600, focus: { x: 50, y: 100 } });
  });
});

describe('the arrow keys', () => {
  it('move the face by a step, and stay in the picture', () => {
    expect(stepped({ x: 50, y: 50 }, 'ArrowRight', false)).toEqual({ x: 52, y: 50 });
    expect(stepped({ x: 50, y: 5 }, 'ArrowUp', true)).toEqual({ x: 50, y: 0 });
    expect(stepped({ x: 50, y: 50 }, 'Enter', false)).toBeUndefined();
  });
});
