import { run } from './child.mjs';
import { installWhenStale } from './install.mjs';
import { findNode } from './node24.mjs';
import { Refusal } from './project.mjs';

const PARENT_CHECK_MS = 500;

/**
 * The frame of every script: installs the packages when they are stale, then runs `main` on Node 24 with its arguments. Where
 * this process is an older Node, it starts the same script again on the installed Node 24 and ends with its exit code.
 * @param program what the script takes, or a function that knows it once the packages are there; without one `main` gets the
 *   arguments as they are, and somebody else reads them
 */
export async function bootstrap(program, main) {
  endWithParent();
  try {
    await installWhenStale();
    const node = findNode();
    if (node === process.execPath) await main(program ? await understood(program) : process.argv.slice(2));
    else process.exitCode = (await run(node, process.argv.slice(1))).code;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}

/** TypeScript, which only a Node from 24 on reads as it is. */
export async function understood(program, args = process.argv.slice(2)) {
  const { readArguments } = await import('../../libs/platform/arguments.ts');
  return readArguments(typeof program === 'function' ? await program() : program, undefined, args);
}

/** If npm dies without a signal (or the older Node that started this one), this process ends too. */
function endWithParent() {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, PARENT_CHECK_MS);
  timer.unref();
}
