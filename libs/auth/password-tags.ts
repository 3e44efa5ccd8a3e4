import { type KeyObject, createHash, createHmac, hkdfSync } from 'node:crypto';

import { hashPassword } from './passwords.ts';

const KEY_BYTES = 32;

/**
 * The tag of a password is one byte of a keyed hash, stored after the real hash. A password with another tag is wrong, which
 * is found out without scrypt: of a crowd's guesses one in 256 takes its time, and whoever has the right one has a turn at
 * once. The key comes from the one that signs tokens; who has that needs no password (ADR 17).
 */
export class PasswordTags {
  private readonly key: Buffer;
  /** Tells tags of this key from those before a rotation of the secrets. */
  private readonly id: string;

  constructor(tokenKey: KeyObject) {
    this.key = Buffer.from(hkdfSync('sha256', tokenKey, '', 'password tag', KEY_BYTES));
    this.id = createHash('sha256').update(this.key).digest('hex').slice(0, 8);
  }

  /** @returns `<id of the key>-<byte>`, hexadecimal */
  of(name: string, password: string): string {
    return `${this.id}-${this.byteOf(['password', name, password.normalize('NFC')])}`;
  }

  /** For a name without a user: its guesses take the same path as those of any other. */
  ofNobody(name: string): string {
    return `${this.id}-${this.byteOf(['nobody', name])}`;
  }

  /**
   * A hash for storing, as `hashPassword` makes it, followed by the tag: `scrypt$<salt>$<hash>$<tag>`.
   * @throws TooManyHashesError
   */
  async hash(name: string, password: string): Promise<string> {
    return `${await hashPassword(password)}$${this.of(name, password)}`;
  }

  /** The tag in a stored hash; undefined when there is none of this key. */
  in(passwordHash: string): string | undefined {
    const [, , , tag] = passwordHash.split('$');
    return tag?.startsWith(`${this.id}-`) === true ? tag : undefined;
  }

  private byteOf(parts: readonly string[]): string {
    return createHmac('sha256', this.key).update(JSON.stringify(parts)).digest('hex').slice(0, 2);
  }
}
