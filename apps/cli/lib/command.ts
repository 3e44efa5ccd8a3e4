import { setFlagsFromString } from 'node:v8';

/** The command cannot be understood, or what it needs is not there. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const FAILED = 2;

/** Failures that a person can do something about: told in one line, without a stack. */
const EXPECTED = new Set([
  'log-unavailable',
  'read-model-unavailable',
  'directory-locked',
  'invalid-environment',
  'invalid-import',
  'invalid-export',
  'foreign-read-model',
  'rebuild-overtaken',
  'user-refused',
  'users-read-only',
  'ENOENT',
  'EACCES',
  'EEXIST',
  'ENOSPC',
]);

/**
 * Runs a command. Exit code: what it returns; 2 when it cannot be understood, when what it needs cannot be reached or used, or when
 * something fails behind its back: 1 has a meaning of its own, "the result differs".
 */
export async function runCommand(usage: string, work: (args: readonly string[]) => Promise<number>): Promise<void> {
  // events live for a page only: a nursery that grows costs 100 MB and saves no time
  setFlagsFromString('--semi-space-growth-factor=1');
  // rejections that nobody hears come here as well
  process.on('uncaughtException', (error) => {
    explain(error, usage);
    process.exit(FAILED);
  });
  try {
    process.exitCode = await work(process.argv.slice(2));
  } catch (error) {
    process.exitCode = FAILED;
    explain(error as Error, usage);
  }
}

function explain(error: Error & { code?: string }, usage: string): void {
  const { code = '', message } = error;
  if (error instanceof UsageError || code.startsWith('ERR_PARSE_ARGS')) console.error(`${message}\n\n${usage}`);
  else console.error(EXPECTED.has(code) ? message : error);
}
