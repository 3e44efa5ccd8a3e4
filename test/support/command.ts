import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

import { PROGRAM_ENV } from './program-env.ts';

export interface CommandResult {
  readonly code: number | null;
  readonly output: string;
}

/** Starts a compiled command of an operator. */
export function startCommand(
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): { readonly child: ChildProcess; readonly ended: Promise<CommandResult> } {
  const path = join(process.cwd(), 'dist/apps/cli', `${name}.js`);
  const child = spawn(process.execPath, [path, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...PROGRAM_ENV, ...env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const ended = new Promise<CommandResult>((resolve) => child.once('close', (code) => resolve({ code, output })));
  return { child, ended };
}

/** Runs one to its end. */
export const command = (...asked: Parameters<typeof startCommand>): Promise<CommandResult> =>
  startCommand(...asked).ended;
