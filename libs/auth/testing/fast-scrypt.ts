import { jest } from '@jest/globals';
import crypto from 'node:crypto';

/** Puts a fast hash in the place of scrypt, and counts: a real one is made slow on purpose. */
export function useFastScrypt(): jest.SpiedFunction<typeof crypto.scrypt> {
  return jest.spyOn(crypto, 'scrypt').mockImplementation((password, salt, _length, _options, done) => {
    const digest = crypto.createHash('sha256').update(salt).update(password).digest();
    setImmediate(() => (done as (error: null, key: Buffer) => void)(null, digest));
  });
}
