import type { Solution } from './solver.ts';
import type { Challenge } from '#contract';

/** What `POST /votar` takes: base64 of the challenge as received, with its solution. */
export function encodeSolved({ parameters, signature }: Challenge, { counter, derivedKey }: Solution): string {
  const json = JSON.stringify({ challenge: { parameters, signature }, solution: { counter, derivedKey } });
  return btoa(String.fromCharCode(...new TextEncoder().encode(json)));
}
