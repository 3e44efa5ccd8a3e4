/** `npm run build`: compiles the server and bundles the pages into dist/, as far as they changed; `-- --clean` from scratch. */
import { bootstrap } from './lib/bootstrap.mjs';
import { buildWhenStale, clean } from './lib/build.mjs';

await bootstrap(async (args) => {
  if (args.includes('--clean')) clean();
  await buildWhenStale();
});
