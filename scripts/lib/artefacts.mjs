import { readFileSync, writeFileSync } from 'node:fs';

import { format, resolveConfig } from 'prettier';

import erros from '../../grafana/boards/erros.mjs';
import execucoes from '../../grafana/boards/execucoes.mjs';
import infraestrutura from '../../grafana/boards/infraestrutura.mjs';
import latencia from '../../grafana/boards/latencia.mjs';
import votacao from '../../grafana/boards/votacao.mjs';
import contentPack from '../../graylog/pack/content-pack.mjs';
import { paletteCss } from '../../libs/palette/index.ts';
import { outlines } from './outlines.mjs';
import { fromRoot } from './project.mjs';

const ARTEFACTS = {
  'grafana/dashboards/execucoes.json': execucoes,
  'grafana/dashboards/latencia.json': latencia,
  'grafana/dashboards/erros.json': erros,
  'grafana/dashboards/votacao.json': votacao,
  'grafana/dashboards/infraestrutura.json': infraestrutura,
  'graylog/content-packs/paredao.json': contentPack,
  'web/src/styles/palette.css': paletteCss(),
  'libs/lettering/outlines.json': outlines(),
};

function current(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Writes the dashboards of Grafana, the content pack of Graylog, the pages' palette and the letters of pictures
 * from their sources.
 * @param checking only says which of them are not current
 * @returns whether all of them were, or are now
 */
export async function generate(checking) {
  let isCurrent = true;
  for (const [name, content] of Object.entries(ARTEFACTS)) {
    const path = fromRoot(name);
    const options = await resolveConfig(path);
    const text = await format(typeof content === 'string' ? content : JSON.stringify(content), {
      ...options,
      filepath: path,
    });
    if (current(path) === text) continue;
    if (!checking) writeFileSync(path, text);
    else isCurrent = false;
    console.log(checking ? `${name} is not current: npm run generate` : name);
  }
  return isCurrent;
}
