import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** scrypt as OWASP recommends it (Password Storage Cheat Sheet): N=2^15, r=8, p=3, 32 MiB a hash. */
const COST = { N: 2 ** 15, r: 8, p: 3, maxmem: 64 * 1024 * 1024 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;

/** Hashes at a time, and callers that may wait for one: a flood of logins must not take memory or cores from votes. */
const MAX_RUNNING = 2;
const MAX_WAITING = 20;

/** More passwords are being checked than this process allows. */
class TooManyHashesError extends Error {
  readonly code = 'too-many-requests';
}

let running = 0;
const waiting: (() => void)[] = [];

/** @returns `scrypt$<salt>$<hash>`, hexadecimal */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  return `scrypt$${salt.toString('hex')}$${(await derive(password, salt)).toString('hex')}`;
}

/**
 * Checks a password against a hash made by `hashPassword`, in constant time.
 * @throws TooManyHashesError
 */
export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const [, salt = '', hash = ''] = stored.split('$');
  const derived = await derive(password, Buffer.from(salt, 'hex'));
  const expected = Buffer.from(hash, 'hex');
  return expected.length === derived.length && timingSafeEqual(derived, expected);
}

/** A password for a first credential: 24 characters, 128 bits and a little more. */
export const generatePassword = (): string => randomBytes(18).toString('base64url');

async function derive(password: string, salt: Buffer): Promise<Buffer> {
  await takeTurn();
  try {
    return await new Promise((resolve, reject) => {
      scrypt(password.normalize('NFC'), salt, HASH_BYTES, COST, (error, key) => {
        if (error) reject(error);
        else resolve(key);
      });
    });
  } finally {
    const next = waiting.shift();
    if (next === undefined) running--;
    else next();
  }
}

async function takeTurn(): Promise<void> {
  if (running < MAX_RUNNING) running++;
  else if (waiting.length >= MAX_WAITING) throw new TooManyHashesError('too many logins at once');
  else await new Promise<void>((resolve) => waiting.push(resolve));
}
