import { spawn } from 'node:child_process';

import { type Environment, EnvironmentError } from '#platform';
import type { SignElsewhere } from '#seal';

/** A key in a machine of its own answers within a second or two. */
const LIMIT_MS = 10_000;
/** Of base64, with room for line feeds. */
const MAX_OUTPUT_BYTES = 1000;
/** The 64 bytes of an Ed25519 signature in base64. */
const SIGNATURE = /^[A-Za-z0-9+/]{86}==$/;

/** The program that signs for this deployment gave no signature of its key. */
export class SealCommandError extends Error {
  override readonly name = 'SealCommandError';
  readonly code = 'seal-command-failed';
}

/**
 * What signs with the deployment's key where it is out of reach: a program that gets a text on standard input and prints the Ed25519 signature
 * in base64. It has the user, the environment and the working directory of this process; what it says on standard error goes where this process's
 * goes.
 * @param signal ends a program that runs
 * @returns undefined where the key is with this deployment
 * @throws EnvironmentError where the key is elsewhere and no program signs: a box must not be opened with another one instead
 */
export function signElsewhere(
  { sealCommand, sealCommandKeyFile }: Environment,
  signal: AbortSignal,
  limitMs = LIMIT_MS,
): SignElsewhere | undefined {
  if (sealCommand !== undefined)
    return (text) => signBy(sealCommand, text, AbortSignal.any([signal, AbortSignal.timeout(limitMs)]));
  if (sealCommandKeyFile === undefined) return undefined;
  throw new EnvironmentError('SEAL_COMMAND: must be the program that signs with the key of SEAL_COMMAND_KEY_FILE');
}

/** @throws SealCommandError */
function signBy(program: string, text: string, signal: AbortSignal): Promise<Uint8Array> {
  const child = spawn(program, [], { stdio: ['pipe', 'pipe', 'inherit'], detached: true });
  let ending: string | undefined;
  const end = (why: string): void => {
    ending ??= why;
    endGroup(child.pid);
  };
  const onAbort = (): void => end('no answer in time');
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  let output = '';
  child.stdout.setEncoding('latin1').on('data', (chunk: string) => {
    output += chunk;
    if (output.length > MAX_OUTPUT_BYTES) end('it printed more than a signature');
  });
  // one that reads nothing is judged by its answer
  child.stdin.on('error', () => {});
  child.stdin.end(text);
  return new Promise<Uint8Array>((resolve, reject) => {
    const fail = (why: string): void => reject(new SealCommandError(`SEAL_COMMAND=${program}: ${why}`));
    child.once('error', (error: Error & { code?: string }) => fail(`it cannot be run: ${error.code ?? error.message}`));
    child.once('close', (code, by) => {
      const printed = output.replaceAll(/\s/g, '');
      if (ending !== undefined) fail(ending);
      else if (by !== null) fail(`it was ended by ${by}`);
      else if (code !== 0) fail(`it ended with exit code ${String(code)}`);
      else if (!SIGNATURE.test(printed)) fail('it printed no Ed25519 signature in base64');
      else resolve(Buffer.from(printed, 'base64'));
    });
  }).finally(() => signal.removeEventListener('abort', onAbort));
}

/** The program with all that it started: what hangs would be left behind otherwise, once for every try. */
function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // it is gone
  }
}
