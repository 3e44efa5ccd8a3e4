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
  const isFile = existsSync(given);
  const lines = (isFile ? readFileSync(given, 'utf8') : given).split('\n').map((line) => line.trim());
  const keys = lines.flatMap((line, index) => {
    if (line === '' || line.startsWith('#')) return [];
    // what stands in a file is not shown: it may be a secret that was taken for a key
    return verifierIn(line, isFile ? `line ${String(index + 1)} of ${given}` : `"${line}", which is no file,`);
  });
  if (keys.length === 0) throw new UsageError(`there is no verifier key in ${given}`);
  return keys;
}

function verifierIn(line: string, what: string): Verifier {
  try {
    return verifierOf(line);
  } catch (error) {
    if (!(error instanceof TransparencyError)) throw error;
    throw new UsageError(`${what} is no verifier key, <name>+<8 digits>+<base64>`);
  }
}
