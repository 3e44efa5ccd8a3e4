import { bootstrap } from './lib/bootstrap.mjs';
import { buildWhenStale, clean } from './lib/build.mjs';

const PROGRAM = {
  usage: 'npm run build -- [options]',
  about: 'Compiles the server and bundles the pages into dist/, as far as they changed.',
  options: { clean: { type: 'boolean', default: false, help: 'from scratch' } },
};

await bootstrap(PROGRAM, async ({ values }) => {
  if (values.clean) clean();
  await buildWhenStale();
});
