import { bootstrap } from './lib/bootstrap.mjs';
import { run } from './lib/child.mjs';

const PROGRAM = {
  usage: 'npm run test:tools',
  about: `Installs what some specs need beside Node: what can be had without root below node_modules/.cache, Debian's packages as root
where there is apt-get. The rest it names. Exit code 1: an installation failed.`,
  options: {},
};

/** Installed for the specs, not to serve this host: no daemon starts. */
const QUIET = { DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };

/** @returns whether the packages are there now */
async function installPackages(packages) {
  const env = { ...process.env, ...QUIET };
  const update = await run('apt-get', ['update', '-qq'], { env });
  const args = ['install', '-y', '-qq', '--no-install-recommends', ...packages];
  return update.code === 0 && (await run('apt-get', args, { env })).code === 0;
}

await bootstrap(PROGRAM, async () => {
  const { TOOLS, aptCommand, forget, isThere, mayInstallPackages, missingOf, packagesFor } =
    await import('../test/tools/tools.ts');
  const names = Object.keys(TOOLS);
  let failed = false;
  const packages = packagesFor(names);
  if (packages.length > 0 && mayInstallPackages()) {
    failed = !(await installPackages(packages));
    forget();
  }

  const install = async (name) => {
    const { script, scriptNeeds = [] } = TOOLS[name];
    // a script looks for itself whether what is there is what it would make
    if (!isThere(name) && missingOf(scriptNeeds).length > 0) return;
    const shell = script[0].endsWith('.mjs') ? process.execPath : 'bash';
    if ((await run(shell, script)).code !== 0) failed = true;
  };
  // side by side: each waits for a registry, or for one compiler
  await Promise.all(names.filter((name) => TOOLS[name].script).map(install));

  forget();
  const wanting = packagesFor(names);
  if (wanting.length > 0) console.log(`These need root:\n  ${aptCommand(wanting)}\nThen once more: npm run test:tools`);
  const missing = missingOf(names);
  console.log(missing.length === 0 ? 'Nothing is missing.' : `Missing: ${missing.join(', ')}`);
  if (failed) process.exitCode = 1;
});
