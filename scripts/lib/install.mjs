import { run } from './child.mjs';
import { nodePackage } from './node24.mjs';
import { Refusal, fromRoot, readJson } from './project.mjs';

/**
 * npm writes node_modules/.package-lock.json last, when an installation is complete: it is the stamp. The packages are
 * up to date when it has every package of package-lock.json in its version; those for other platforms may be missing.
 * Where this platform's Node is missing, so are all other packages for it: somebody left the optional ones out.
 */
function isInstalled() {
  const wanted = readJson(fromRoot('package-lock.json'))?.packages;
  const present = readJson(fromRoot('node_modules', '.package-lock.json'))?.packages;
  if (!wanted) throw new Refusal('package-lock.json is missing or broken.');
  if (!present) return false;
  if (nodePackage && !present[`node_modules/${nodePackage}`]) {
    console.error('The packages for this platform were left out (--omit=optional): they are needed.');
    return false;
  }
  return Object.entries(wanted).every(([path, { version, integrity, optional }]) => {
    const found = present[path];
    if (path === '' || (optional && !found)) return true;
    return found?.version === version && found.integrity === integrity;
  });
}

/** `npm ci`, when a package is missing or not in the locked version. */
export async function installWhenStale() {
  if (isInstalled()) return;
  console.error('Installing the locked packages …');
  const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  const { npm_execpath: npm, npm_node_execpath: node = process.execPath } = process.env;
  const { code } = npm
    ? await run(node, [npm, ...args])
    : await run('npm', args, { shell: process.platform === 'win32' });
  if (code !== 0) throw new Refusal(`npm ci failed (exit code ${code}).`);
}
