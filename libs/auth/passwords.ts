import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

import { type Applicant, HashQueue } from './hash-queue.ts';

/** scrypt as OWASP recommends it (Password Storage Cheat Sheet): N=2^15, r=8, p=3, 32 MiB a hash. */
const COST = { N: 2 ** 15, r: 8, p: 3, maxmem: 64 * 1024 * 1024 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;

/** The service itself, or somebody who was let in: guessers do not hold it up. */
const INSIDE: Applicant = { rank: -1 };

const queue = new HashQueue();

/**
 * @returns `scrypt$<salt>$<hash>`, hexadecimal
 * @throws TooManyHashesError
 */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  return `scrypt$${salt.toString('hex')}$${(await derive(password, salt)).toString('hex')}`;
}

/**
 * Checks a password against a hash made by `hashPassword`, in constant time.
 * @param applicant who sent the password
 * @throws TooManyHashesError
 */
export async function verifyPassword(password: string, stored: string, applicant = INSIDE): Promise<boolean> {
  const [, salt = '', hash = ''] = stored.split('$');
  const derived = await derive(password, Buffer.from(salt, 'hex'), applicant);
  const expected = Buffer.from(hash, 'hex');
  return expected.length === derived.length && timingSafeEqual(derived, expected);
}

/** A password for a first credential: 24 characters, 128 bits and a little more. */
export const generatePassword = (): string => randomBytes(18).toString('base64url');

const derive = (password: string, salt: Buffer, applicant = INSIDE): Promise<Buffer> =>
  queue.run(
    applicant,
    () =>
      new Promise((resolve, reject) => {
        scrypt(password.normalize('NFC'), salt, HASH_BYTES, COST, (error, key) => {
          if (error) reject(error);
          else resolve(key);
        });
      }),
  );
