import { spawn } from 'node:child_process';
import { constants } from 'node:os';

import { Refusal, root, toolPath } from './project.mjs';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const running = new Set();
let interrupted = false;

/** Passes a signal on to every child; this process ends with the last of them. */
export function interrupt(signal) {
  interrupted = true;
  // On Windows kill() would end a child on the spot, and the console has told it already.
  if (process.platform !== 'win32') for (const child of running) child.kill(signal);
}

function add(child) {
  running.add(child);
  if (running.size === 1) for (const signal of SIGNALS) process.on(signal, interrupt);
}

function remove(child, code) {
  running.delete(child);
  if (running.size > 0) return;
  for (const signal of SIGNALS) process.off(signal, interrupt);
  if (interrupted) process.exit(process.exitCode ?? code);
}

/** Ends what a command left behind in its process group. */
function endGroup({ pid }) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // nothing was left
  }
}

/**
 * Runs a command in the project's folder to its end, passes it the signals that this process gets and resolves with
 * its exit code (128 + n when signal n ended it) and, where stdio is 'pipe', with what it printed.
 * `ownGroup`: what it started and did not end is ended after it (not on Windows, which has no process groups).
 */
export function run(command, args, { ownGroup = false, ...options } = {}) {
  const detached = ownGroup && process.platform !== 'win32';
  const child = spawn(command, args, { cwd: root, stdio: 'inherit', detached, ...options });
  add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text) => (output += text));
  return new Promise((resolve, reject) => {
    const end = (settle, code) => {
      if (detached) endGroup(child);
      remove(child, code);
      if (!interrupted) settle();
    };
    child.once('error', (error) => end(() => reject(new Refusal(`Cannot run ${command}: ${error.message}`)), 1));
    child.once('close', (exitCode, signal) => {
      const code = exitCode ?? 128 + constants.signals[signal];
      end(() => resolve({ code, output }), code);
    });
  });
}

/** Runs the command of an installed package on this Node. */
export const runTool = (name, args, options) => run(process.execPath, [toolPath(name), ...args], options);
