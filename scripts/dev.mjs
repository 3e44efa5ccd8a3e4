/** `npm run dev`: compiles on every change, restarts the server, and serves the pages with hot reload. */
import { bootstrap } from './lib/bootstrap.mjs';
import { buildWhenStale } from './lib/build.mjs';
import { interrupt, run, runTool } from './lib/child.mjs';
import { fromRoot } from './lib/project.mjs';

await bootstrap(async (args) => {
  await buildWhenStale();
  const main = fromRoot('dist', 'apps', 'standalone', 'main.js');
  const first = await Promise.race([
    runTool('typescript', ['-p', '.', '--watch', '--preserveWatchOutput']),
    run(process.execPath, ['--watch', '--watch-preserve-output', main, ...args]),
    runTool('vite', ['web']),
  ]);
  process.exitCode = first.code;
  interrupt('SIGTERM');
});
