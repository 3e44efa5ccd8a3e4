/** `node scripts/run.mjs dist/….js [arguments]`: brings the build up to date and runs the file in this process. */
import { pathToFileURL } from 'node:url';

import { bootstrap } from './lib/bootstrap.mjs';
import { buildWhenStale } from './lib/build.mjs';
import { fromRoot } from './lib/project.mjs';

const SAME_KEYSTROKE_MS = 1_000;

/**
 * Under npm a Ctrl-C arrives more than once: from the terminal, and from npm. The program hears of it once. And nobody needs to hear
 * that an older Node 24 calls its SQLite an experiment.
 */
function filterEvents(signals) {
  const emit = process.emit;
  let heard = -Infinity;
  process.emit = function (event, ...details) {
    if (event === 'warning' && details[0]?.name === 'ExperimentalWarning') return true;
    if (signals.includes(event)) {
      if (performance.now() - heard < SAME_KEYSTROKE_MS) return true;
      heard = performance.now();
    }
    return emit.call(this, event, ...details);
  };
}

await bootstrap(undefined, async ([file, ...args]) => {
  await buildWhenStale();
  filterEvents(['SIGINT', 'SIGTERM', 'SIGHUP']);
  const path = fromRoot(file);
  process.argv.splice(1, process.argv.length, path, ...args);
  await import(pathToFileURL(path));
});
