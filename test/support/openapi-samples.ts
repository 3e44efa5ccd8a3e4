import type { Answer } from './client.ts';

/** A request, and how it is answered. */
export interface Sample {
  readonly operation: string;
  readonly status: number;
  readonly call: () => Promise<Answer>;
}

export const sample = (operation: string, status: number, call: Sample['call']): Sample => ({
  ...{ operation, status, call },
});

export const TOO_LONG = 'x'.repeat(65);
export const HUGE = { altcha: 'x'.repeat(20_000) };
export const XML = { headers: { 'content-type': 'application/xml' }, body: '<voto/>' };

const LOG_FILES = [
  ['GET /urna/{paredao}/{urna}/checkpoint', 'checkpoint'],
  ['GET /urna/{paredao}/{urna}/vkey', 'vkey'],
  ['GET /urna/{paredao}/{urna}/tile/{path}', 'tile/entries/000.p/1'],
] as const;
const VOTES = 'GET /urna/{paredao}/{urna}/votos/v2/{folhas}/{bits}/{prefixo}';
const PAPERS = ['boletim', 'boletim.json'];

/**
 * Ballot boxes: of poll 1 while it is open, of poll 2 before and after its result is out.
 * @param get asks, as somebody
 */
export function urnaSamples(get: (path: string, user?: string) => Sample['call']) {
  const of = (operation: string, status: number, path: string, user?: string): Sample =>
    sample(`GET /urna/${operation}`, status, get(`/urna/${path}`, user));
  const ofFiles = (poll: number, status: number): Sample[] =>
    LOG_FILES.map(([operation, file]) => sample(operation, status, get(`/urna/${poll}/1/${file}`)));
  const ofPapers = (status: number): Sample[] => PAPERS.map((paper) => of(`{paredao}/${paper}`, status, `2/${paper}`));
  const votes = async (): Promise<Answer> => {
    const { json } = await get('/urna/2/boletim.json')();
    return get(`/urna/2/1/votos/v2/${String(json.urna.folhas)}/0/0`)();
  };
  return {
    opening: [
      of('vkey', 200, 'vkey'),
      of('{paredao}/zeresima', 200, '1/zeresima'),
      of('{paredao}/zeresima', 404, '9/zeresima'),
      of('{paredao}/zeresima.json', 200, '1/zeresima.json'),
      of('{paredao}/zeresima.json', 400, '1/zeresima.json?x=1'),
      ...ofFiles(1, 404),
      sample(VOTES, 404, get('/urna/1/1/votos/v2/1/0/0')),
      sample(LOG_FILES[0][0], 401, get('/urna/1/1/checkpoint', 'nobody')),
      sample(LOG_FILES[0][0], 403, get('/urna/1/1/checkpoint', 'producao')),
    ],
    held: ofPapers(404),
    published: [...ofPapers(200), ...ofFiles(2, 200), sample(VOTES, 200, votes)],
  };
}
