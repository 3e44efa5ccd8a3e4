import { bootstrap } from './lib/bootstrap.mjs';

const PROGRAM = {
  usage: 'npm run generate -- [options]',
  about:
    'Writes the dashboards of Grafana, the content pack of Graylog, the palette of the pages and the letters of pictures from their sources.',
  options: {
    check: { type: 'boolean', default: false, help: 'writes nothing; exit code 1: one of them is not current' },
  },
};

await bootstrap(PROGRAM, async ({ values }) => {
  // it needs packages, which are there by now
  const { generate } = await import('./lib/artefacts.mjs');
  if (!(await generate(values.check))) process.exitCode = 1;
});
