import { setFlagsFromString } from 'node:v8';

import {
  type Arguments,
  MISUNDERSTOOD,
  type Options,
  type Program,
  UsageError,
  readArguments,
  usageOf,
} from '#platform/arguments';

/** Failures that a person can do something about: reported in one line, without a stack. */
const EXPECTED = new Set([
  'log-unavailable',
  'read-model-unavailable',
  'directory-locked',
  'invalid-environment',
  'invalid-import',
  'invalid-export',
  'invalid-anchor',
  'invalid-receipt',
  'no-urna',
  'foreign-read-model',
  'rebuild-overtaken',
  'user-refused',
  'users-read-only',
  'ENOENT',
  'EACCES',
  'EADDRINUSE',
  'EADDRNOTAVAIL',
  'EEXIST',
  'ENOSPC',
  'EROFS',
]);

/**
 * Runs a command. Exit code: what it returns; 2 when it cannot be understood, when what it needs cannot be reached or used, or when
 * something fails behind its back: 1 has a meaning of its own, "the result differs".
 */
export async function runCommand<O extends Options>(
  program: Program<O>,
  work: (given: Arguments<O>) => Promise<number>,
): Promise<void> {
  const given = readArguments(program);
  // events live for a page only: a nursery that grows costs 100 MB and saves no time
  setFlagsFromString('--semi-space-growth-factor=1');
  // unhandled rejections come here as well
  process.on('uncaughtException', (error) => {
    explain(error, program);
    process.exit(MISUNDERSTOOD);
  });
  try {
    process.exitCode = await work(given);
  } catch (error) {
    process.exitCode = MISUNDERSTOOD;
    explain(error as Error, program);
  }
}

function explain(error: Error & { code?: string }, program: Program): void {
  const { code = '', message } = error;
  if (error instanceof UsageError) console.error(`${message}\n\n${usageOf(program)}`);
  else console.error(EXPECTED.has(code) ? message : error);
}
