import { hostname } from 'node:os';

import type { Operations } from '#contract';
import { isoTime } from '#domain';
import { type Environment, VERSION } from '#platform';

/** The process whose numbers are shown: there may be others. */
export const instanceOf = ({ port }: Environment): Operations['instancia'] => ({
  nome: `${hostname()}:${String(port)}`,
  versao: VERSION,
  desde_em: isoTime(Math.round(performance.timeOrigin)),
});

/** Where the same is shown of all processes and for longer, as far as somebody said where that is. */
export function linksOf({ grafanaUrl, graylogUrl }: Environment): Operations['atalhos'] {
  const board = (uid: string): string | null => (grafanaUrl === undefined ? null : `${bare(grafanaUrl)}/d/${uid}`);
  return {
    execucoes: board('paredao-execucoes'),
    latencia: board('paredao-latencia'),
    erros: board('paredao-erros'),
    registro:
      graylogUrl === undefined ? null : `${bare(graylogUrl)}/search?q=level%3A%3C%3D3&rangetype=relative&from=900`,
  };
}

const bare = (address: string): string => address.replace(/\/$/, '');
