import { bootstrap } from './lib/bootstrap.mjs';
import { buildWhenStale } from './lib/build.mjs';
import { interrupt, run, runTool } from './lib/child.mjs';
import { Refusal, fromRoot } from './lib/project.mjs';

const SILENT_THREADS = new URL('lib/silent-threads.mjs', import.meta.url).href;

const program = async () => ({
  ...(await import('../apps/standalone/program.ts')).START,
  usage: 'npm run dev -- [options]',
  about: `Compiles on every change, restarts the server, and serves the pages with hot reload on an address of their own.
The options are those of npm start: its server is behind the pages.`,
});

/** What stands for the options in the environment: the pages' server reads it as well. */
function environmentOf({ port, host, 'data-dir': dataDir }) {
  const given = Object.entries({ PORT: port, HOST: host, DATA_DIR: dataDir }).filter(
    ([, value]) => value !== undefined,
  );
  const env = { ...process.env, ...Object.fromEntries(given) };
  if (Number(env.PORT) === 0 && env.PORT)
    throw new Refusal('npm run dev needs a PORT that the pages can be told: not 0.');
  return env;
}

await bootstrap(program, async ({ values }) => {
  const env = environmentOf(values);
  await buildWhenStale();
  const main = fromRoot('dist', 'apps', 'standalone', 'main.js');
  const args = values['watch-only'] ? ['--watch-only'] : [];
  const node = ['--watch', '--watch-preserve-output', '--import', SILENT_THREADS];
  const first = await Promise.race([
    runTool('typescript', ['-p', '.', '--watch', '--preserveWatchOutput']),
    run(process.execPath, [...node, main, ...args], { env }),
    runTool('vite', ['web'], { env }),
  ]);
  process.exitCode = first.code;
  interrupt('SIGTERM');
});
