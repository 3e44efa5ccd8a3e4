import { afterEach, describe, expect, it, jest } from '@jest/globals';
import crypto from 'node:crypto';

import { useFastScrypt } from './testing/fast-scrypt.ts';
import { generatePassword, hashPassword, verifyPassword } from './passwords.ts';

type Done = (error: Error | null, key: Buffer) => void;

/** Stands in for scrypt: every hash waits until it is told to go on. */
function holdHashes(): Done[] {
  const held: Done[] = [];
  jest.spyOn(crypto, 'scrypt').mockImplementation((_password, _salt, _length, _options, done) => {
    held.push(done as Done);
  });
  return held;
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a password', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('matches its hash, and no other password does', async () => {
    const hash = await hashPassword('corrente de ouro');

    expect(await verifyPassword('corrente de ouro', hash)).toBe(true);
    expect(await verifyPassword('corrente de prata', hash)).toBe(false);
  });

  it('is hashed with scrypt at the recommended cost and a salt of its own', async () => {
    const scrypt = jest.spyOn(crypto, 'scrypt');
    const [one, other] = await Promise.all([hashPassword('x'), hashPassword('x')]);

    expect(one).toMatch(/^scrypt\$[0-9a-f]{32}\$[0-9a-f]{64}$/);
    expect(one).not.toBe(other);
    expect(scrypt.mock.calls[0]?.[3]).toMatchObject({ N: 32_768, r: 8, p: 3 });
  });

  it('is the same however its accents are written', async () => {
    useFastScrypt();
    expect(await verifyPassword('pared\u00e3o', await hashPassword('pareda\u0303o'))).toBe(true);
  });

  it.each(['', 'scrypt$$', 'scrypt$00$00', 'plain text'])('never matches a damaged hash: %p', async (hash) => {
    useFastScrypt();
    expect(await verifyPassword('', hash)).toBe(false);
  });

  it('that is generated has more than 128 bits and is new every time', () => {
    const passwords = Array.from({ length: 100 }, generatePassword);

    for (const password of passwords) expect(password).toMatch(/^[\w-]{24}$/);
    expect(new Set(passwords).size).toBe(100);
  });
});

describe('password hashes', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('run two at a time, in order; twenty more wait, and the next is refused at once', async () => {
    const held = holdHashes();
    const hashes = Array.from({ length: 22 }, () => hashPassword('x'));
    await settled();
    expect(held.length).toBe(2);

    await expect(verifyPassword('x', '')).rejects.toMatchObject({ code: 'too-many-requests' });

    for (let done = 0; done < 22; done++) {
      held[done]?.(null, Buffer.alloc(32));
      await settled();
      expect(held.length).toBe(Math.min(done + 3, 22));
    }
    await Promise.all(hashes);
  });

  it('give their turn away when they fail', async () => {
    const held = holdHashes();
    const hashes = [1, 2, 3].map(() => hashPassword('x').catch((error: unknown) => (error as Error).message));
    await settled();
    held[0]?.(new Error('out of memory'), Buffer.alloc(0));
    await settled();
    expect(held.length).toBe(3);

    for (const done of held.slice(1)) done(null, Buffer.alloc(32));
    expect((await Promise.all(hashes))[0]).toBe('out of memory');
  });
});
