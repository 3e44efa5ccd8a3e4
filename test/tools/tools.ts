/**
 * Every program that some specs need and Node does not bring: how one sees that it is there, and how one gets it. `npm run
 * test:tools` installs from this table, `npm test` says with it what was skipped. Node reads this file as it is: erasable types only.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { findChromium } from '../../bench/lib/chromium.ts';

export interface Tool {
  readonly isThere: () => boolean;
  /** Debian's package. */
  readonly apt?: string;
  /** A script of ours that installs it below `CACHE`, without root. */
  readonly script?: readonly string[];
  /** What the script needs. */
  readonly scriptNeeds?: readonly ToolName[];
  /** What one does where nothing can be installed: continuous integration may be without it. */
  readonly remedy?: string;
}

const root = dirname(dirname(import.meta.dirname));

/** What is built or fetched for the specs. `npm ci` empties it, unless XDG_CACHE_HOME names another place. */
export const CACHE = join(process.env['XDG_CACHE_HOME'] ?? join(root, 'node_modules', '.cache'), 'paredao');

const HEADLESS_SHELL = join(CACHE, 'headless-shell', 'chromium-headless-shell');

/** Path of a Chromium on this machine: of the one without a window, where `npm run test:tools` could bring it. */
export const chromiumForSpecs = (): string | undefined =>
  existsSync(HEADLESS_SHELL) ? HEADLESS_SHELL : findChromium();

const runs =
  (program: string, ...args: readonly string[]) =>
  (): boolean =>
    spawnSync(program, args).status === 0;
const isCached =
  (...path: readonly string[]) =>
  (): boolean =>
    existsSync(join(CACHE, ...path));

/** In the order in which one is told of them. */
const TABLE = {
  chromium: {
    isThere: () => findChromium() !== undefined,
    apt: 'chromium',
    script: ['scripts/install-headless-shell.sh'],
  },
  nginx: { isThere: runs('nginx', '-v'), apt: 'nginx-light' },
  'docker-compose': { isThere: runs('docker-compose', 'version'), apt: 'docker-compose' },
  prometheus: { isThere: runs('promtool', '--version'), apt: 'prometheus' },
  alertmanager: { isThere: runs('amtool', '--version'), apt: 'prometheus-alertmanager' },
  'nginx-exporter': { isThere: runs('prometheus-nginx-exporter', '--version'), apt: 'prometheus-nginx-exporter' },
  'node-exporter': { isThere: runs('prometheus-node-exporter', '--version'), apt: 'prometheus-node-exporter' },
  openssl: { isThere: runs('openssl', 'version'), apt: 'openssl' },
  git: { isThere: runs('git', '--version'), apt: 'git' },
  ferretdb: { isThere: isCached('ferretdb'), script: ['scripts/install-ferretdb.sh'], scriptNeeds: ['go'] },
  'deploy-tools': {
    isThere: isCached('venv', 'stamp'),
    script: ['scripts/install-deploy-tools.sh'],
    scriptNeeds: ['go', 'python'],
  },
  schemathesis: {
    isThere: isCached('schemathesis', 'stamp'),
    script: ['scripts/fuzz-api.sh', '--install'],
    scriptNeeds: ['python', 'bc'],
  },
  fsck: { isThere: isCached('tessera-v1.0.4', 'fsck'), script: ['scripts/install-fsck.sh'], scriptNeeds: ['go'] },
  go: { isThere: runs('go', 'version'), apt: 'golang-go' },
  python: { isThere: runs('python3', '-c', 'import venv, ensurepip'), apt: 'python3-venv' },
  bc: { isThere: runs('bc', '--version'), apt: 'bc' },
  'oldest-node': { isThere: isCached('oldest-node', 'node_modules'), script: ['scripts/install-oldest-node.mjs'] },
  linux: { isThere: () => process.platform === 'linux', remedy: 'runs on Linux' },
  mount: { isThere: mayMount, remedy: 'runs as root, which may mount' },
  engine: { isThere: hasEngine, apt: 'debootstrap', remedy: 'runs with Docker, or as root on Linux' },
  'prime-time': {
    isThere: () => 'LOAD_RATE' in process.env,
    remedy: 'LOAD_RATE=1000 npm test -- test/distributed/prime-time',
  },
} as const satisfies Record<string, Omit<Tool, 'scriptNeeds'> & { readonly scriptNeeds?: readonly string[] }>;

export type ToolName = keyof typeof TABLE;

export const TOOLS: Readonly<Record<ToolName, Tool>> = TABLE;

/** Whether continuous integration has to have it. */
export const isExpected = (name: ToolName): boolean => TOOLS[name].remedy === undefined;

const known = new Map<ToolName, boolean>();

/** Whether it is there; looked for once. */
export function isThere(name: ToolName): boolean {
  const found = known.get(name) ?? TOOLS[name].isThere();
  known.set(name, found);
  return found;
}

/** After an installation. */
export const forget = (): void => known.clear();

export const missingOf = (names: readonly ToolName[]): ToolName[] => names.filter((name) => !isThere(name));

/** Whether this process may install Debian's packages itself. */
export const mayInstallPackages = (): boolean => process.getuid?.() === 0 && runs('apt-get', '--version')();

/** What has to be installed by the distribution before a tool can be there. */
export function packagesFor(names: readonly ToolName[]): string[] {
  const missing = missingOf(names).flatMap((name) => [name, ...missingOf(TOOLS[name].scriptNeeds ?? [])]);
  return [...new Set(missing.flatMap((name) => TOOLS[name].apt ?? []))];
}

/** The command that brings what is missing of some tools. */
export function remedyFor(names: readonly ToolName[]): string {
  const missing = missingOf(names);
  const byHand = missing.flatMap((name) => TOOLS[name].remedy ?? []);
  const packages = packagesFor(missing);
  const isScripted = missing.some((name) => TOOLS[name].script !== undefined);
  const byPackages = packages.length > 0 && !mayInstallPackages();
  return [
    ...(byPackages ? [aptCommand(packages)] : []),
    ...(isScripted || (packages.length > 0 && !byPackages) ? ['npm run test:tools'] : []),
    ...byHand,
  ].join(' && ');
}

export const aptCommand = (packages: readonly string[]): string =>
  `sudo apt-get install --no-install-recommends ${packages.join(' ')}`;

function mayMount(): boolean {
  return (
    process.getuid?.() === 0 && spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0
  );
}

/** One that runs, or what test/containers/engine needs to start one of its own. */
function hasEngine(): boolean {
  if (runs('docker', 'compose', 'version')() && runs('docker', 'info')()) return true;
  const programs = ['debootstrap', 'unshare', 'nsenter'].every((program) => runs(program, '--version')());
  return mayMount() && programs && existsSync('/dev/net/tun');
}
