import { existsSync, readFileSync } from 'node:fs';

import { UsageError } from '#platform/arguments';
import { TransparencyError, type Verifier, verifierOf } from '#transparency';

/**
 * Verifier keys as an option takes them, a line each: of a file, or as they stand there. Empty lines and those that begin with # say nothing.
 * @param given what the option was given
 * @returns at least one
 * @throws UsageError
 */
export function verifiersIn(given: string): Verifier[] {
  const text = existsSync(given) ? readFileSync(given, 'utf8') : given;
  const lines = text.split('\n').map((line) => line.trim());
  const keys = lines.filter((line) => line !== '' && !line.startsWith('#')).map(verifierIn);
  if (keys.length === 0) throw new UsageError(`there is no verifier key in ${given}`);
  return keys;
}

function verifierIn(line: string): Verifier {
  try {
    return verifierOf(line);
  } catch (error) {
    if (!(error instanceof TransparencyError)) throw error;
    throw new UsageError(`"${line}" is no verifier key, <name>+<8 digits>+<base64>, and no file of them`);
  }
}
