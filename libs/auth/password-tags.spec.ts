import { describe, expect, it } from '@jest/globals';
import { createSecretKey } from 'node:crypto';

import { useFastScrypt } from './testing/fast-scrypt.ts';
import { PasswordTags } from './password-tags.ts';
import { hashPassword, verifyPassword } from './passwords.ts';

const tagsOf = (byte: number): PasswordTags => new PasswordTags(createSecretKey(Buffer.alloc(32, byte)));

describe('the tag of a password', () => {
  const tags = tagsOf(1);

  it('is the same for the same password, in whichever form it is typed', () => {
    expect(tags.of('ana', 'senha à toa'.normalize('NFD'))).toBe(tags.of('ana', 'senha à toa'.normalize('NFC')));
  });

  it('is shared by one wrong password in 256, of a user and of nobody', () => {
    for (const tag of [tags.of('ana', 'certa'), tags.ofNobody('ana')]) {
      const like = Array.from({ length: 25_600 }, (_, n) => tags.of('ana', `errada ${String(n)}`)).filter(
        (other) => other === tag,
      );
      expect(like.length).toBeGreaterThan(60);
      expect(like.length).toBeLessThan(150);
    }
  });

  it('stands in the hash, for who has the key', async () => {
    useFastScrypt();
    const hash = await tags.hash('ana', 'certa');
    expect(tags.in(hash)).toBe(tags.of('ana', 'certa'));
    expect(await verifyPassword('certa', hash)).toBe(true);
    expect([tagsOf(2).in(hash), tags.in(await hashPassword('certa'))]).toEqual([undefined, undefined]);
  });
});
