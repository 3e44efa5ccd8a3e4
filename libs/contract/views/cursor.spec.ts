import { describe, expect, it } from '@jest/globals';
import { createSecretKey, randomBytes } from 'node:crypto';

import { CursorCodec } from './cursor.ts';

const codec = new CursorCodec(createSecretKey(Buffer.alloc(32, 1)));

const refusal = (cursor: string): unknown => {
  try {
    return codec.decode(cursor);
  } catch (error) {
    return (error as { code?: string }).code;
  }
};

describe('a cursor', () => {
  it.each([0n, 1n, 1_000_000n, 2n ** 53n + 1n, 2n ** 64n - 1n])('stands for position %s', (position) => {
    expect(codec.decode(codec.encode(position))).toBe(position);
  });

  it('is 22 characters that fit into a URL', () => {
    for (let position = 0n; position < 100n; position++) expect(codec.encode(position)).toMatch(/^[\w-]{22}$/);
  });

  it('does not show how many votes there are', () => {
    const cursors = Array.from({ length: 100 }, (_, position) => codec.encode(BigInt(position)));

    expect([...cursors].sort()).not.toEqual(cursors);
    expect(new Set(cursors.map((cursor) => cursor.slice(0, 4))).size).toBe(100);
  });

  it('of another deployment is refused', () => {
    const foreign = new CursorCodec(createSecretKey(Buffer.alloc(32, 2)));

    expect(refusal(foreign.encode(7n))).toBe('invalid-cursor');
  });

  it('that was made up is refused', () => {
    for (let round = 0; round < 200; round++) {
      expect(refusal(randomBytes(16).toString('base64url'))).toBe('invalid-cursor');
    }
  });

  it.each([
    ['nothing', ''],
    ['one byte less', randomBytes(15).toString('base64url')],
    ['two cursors', codec.encode(1n) + codec.encode(2n)],
    ['a plain number', '42'],
    ['no base64', '!!!!!!!!!!!!!!!!!!!!!!'],
  ])('%s is refused', (_what, text) => {
    expect(refusal(text)).toBe('invalid-cursor');
  });
});
