import { execFile } from 'node:child_process';

import { type Environment, EnvironmentError } from '#platform';
import type { SignElsewhere } from '#seal';

/** A key in a machine of its own answers within a second or two. */
const LIMIT_MS = 10_000;
/** Of base64, with room for line feeds. */
const MAX_OUTPUT_BYTES = 1000;

/** The program that signs for this deployment gave no signature. */
class SealCommandError extends Error {
  override readonly name = 'SealCommandError';
  readonly code = 'seal-command-failed';
}

/**
 * What signs with the deployment's key where it is out of reach: a program that gets a text on standard input and prints the Ed25519 signature
 * in base64.
 * @returns undefined where the key is with this deployment
 * @throws EnvironmentError where the key is elsewhere and no program signs: a box must not be opened with another one instead
 */
export function signElsewhere(
  { sealCommand, sealCommandKeyFile }: Environment,
  limitMs = LIMIT_MS,
): SignElsewhere | undefined {
  if (sealCommand !== undefined) return (text) => signBy(sealCommand, text, limitMs);
  if (sealCommandKeyFile === undefined) return undefined;
  throw new EnvironmentError('SEAL_COMMAND: must be the program that signs with the key of SEAL_COMMAND_KEY_FILE');
}

/** @throws SealCommandError */
function signBy(program: string, text: string, limitMs: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const options = { timeout: limitMs, killSignal: 'SIGKILL', maxBuffer: MAX_OUTPUT_BYTES } as const;
    const child = execFile(program, [], options, (error, stdout) => {
      if (error === null) resolve(Buffer.from(stdout, 'base64'));
      else reject(new SealCommandError(`SEAL_COMMAND=${program}: ${reasonOf(error)}`));
    });
    // one that reads nothing is judged by its answer
    child.stdin?.on('error', () => {});
    child.stdin?.end(text);
  });
}

/** Its name and arguments say nothing, and what it printed may be a secret. */
function reasonOf({
  code,
  killed,
  signal,
}: Error & { code?: unknown; killed?: boolean; signal?: string | null }): string {
  if (killed === true) return 'no answer in time';
  return signal ? `it was ended by ${signal}` : `it failed with ${String(code)}`;
}
