import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { runTool } from './child.mjs';
import { Refusal, fromRoot, readJson } from './project.mjs';

const LOCK = 'package-lock.json';

/** What is built, from which files, and how. */
const TARGETS = {
  server: {
    inputs: ['apps', 'libs', 'bench', 'test', 'web/src/voter/solver.ts', 'tsconfig.json', 'package.json', LOCK],
    takes: (path) => !path.includes('.') || /\.(ts|json)$/.test(path),
    build: () => runTool('typescript', ['-p', '.']),
  },
  web: {
    inputs: ['web', LOCK],
    takes: () => true,
    build: () => runTool('vite', ['build', 'web', '--logLevel', 'warn']),
  },
};

const stamp = () => fromRoot('dist', '.built.json');

/** Path, size and modification time of each file below a path, sorted; nothing for a missing path. */
function* listFiles(path) {
  const stats = statSync(fromRoot(path), { throwIfNoEntry: false });
  if (stats?.isDirectory()) {
    for (const name of readdirSync(fromRoot(path)).sort()) yield* listFiles(join(path, name));
  } else if (stats) {
    yield { path, state: `${path} ${stats.size} ${stats.mtimeMs}\n` };
  }
}

function fingerprint({ inputs, takes }) {
  const hash = createHash('sha256');
  for (const input of inputs) {
    for (const { path, state } of listFiles(input)) if (takes(path)) hash.update(state);
  }
  return hash.digest('hex');
}

/** Builds what changed since the last build, side by side, and notes the state that each was built from. */
export async function buildWhenStale() {
  const built = readJson(stamp()) ?? {};
  const stale = Object.entries(TARGETS)
    .map(([name, target]) => ({ name, ...target, state: fingerprint(target) }))
    .filter(({ name, state }) => built[name] !== state);
  if (stale.length === 0) return;
  console.error(`Building ${stale.map(({ name }) => name).join(' and ')} …`);
  const codes = await Promise.all(stale.map(({ build }) => build().then(({ code }) => code)));
  stale.forEach(({ name, state }, index) => (built[name] = codes[index] === 0 ? state : undefined));
  mkdirSync(fromRoot('dist'), { recursive: true });
  writeFileSync(stamp(), JSON.stringify(built));
  if (codes.some((code) => code !== 0)) throw new Refusal('The build failed.');
}

/** Forgets all that was built. */
export const clean = () => rmSync(fromRoot('dist'), { recursive: true, force: true });
