/**
 * `npm run generate`: writes the dashboards of Grafana and the content pack of Graylog from their sources; with `-- --check`
 * it writes nothing and fails when one of them is not current.
 */
import { readFileSync, writeFileSync } from 'node:fs';

import { format, resolveConfig } from 'prettier';

import erros from '../grafana/boards/erros.mjs';
import execucoes from '../grafana/boards/execucoes.mjs';
import infraestrutura from '../grafana/boards/infraestrutura.mjs';
import latencia from '../grafana/boards/latencia.mjs';
import votacao from '../grafana/boards/votacao.mjs';
import contentPack from '../graylog/pack/content-pack.mjs';
import { fromRoot } from './lib/project.mjs';

const ARTEFACTS = {
  'grafana/dashboards/execucoes.json': execucoes,
  'grafana/dashboards/latencia.json': latencia,
  'grafana/dashboards/erros.json': erros,
  'grafana/dashboards/votacao.json': votacao,
  'grafana/dashboards/infraestrutura.json': infraestrutura,
  'graylog/content-packs/paredao.json': contentPack,
};

const isChecking = process.argv.includes('--check');

function current(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

for (const [name, content] of Object.entries(ARTEFACTS)) {
  const path = fromRoot(name);
  const options = await resolveConfig(path);
  const text = await format(JSON.stringify(content), { ...options, filepath: path });
  if (current(path) === text) continue;
  if (!isChecking) writeFileSync(path, text);
  else process.exitCode = 1;
  console.log(isChecking ? `${name} is not current: npm run generate` : name);
}
