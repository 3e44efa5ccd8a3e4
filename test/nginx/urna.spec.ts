import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { setTimeout as delay } from 'node:timers/promises';

import type { Answer, Client } from '../support/client.ts';
import { Nginx, describeWithNginx } from './nginx.ts';
import { StubApi } from './stub-api.ts';

const FOR_EVER = 'public, max-age=31536000, immutable';
const AUDITOR = { authorization: 'Basic YTpi' };
const ENTRIES = '/urna/7/1/tile/entries/x001/234';

let queryApi: StubApi;
let nginx: Nginx;
let client: Client;
/** Another file for each spec. */
let file = '';
let files = 0;

beforeAll(async () => {
  queryApi = await StubApi.start();
  nginx = await Nginx.start({ commandApis: [1], queryApis: [queryApi.port] });
  client = nginx.client();
});
afterAll(() => client.close());
beforeEach(() => {
  file = `/urna/7/1/tile/0/${String(files++).padStart(3, '0')}`;
  answers(FOR_EVER);
});

/** Each answer is another one, so that one that was kept is seen. */
function answers(cacheControl: string, status = 200): void {
  queryApi.seen.length = 0;
  queryApi.behaviour = (request, response) => {
    const packed = request.headers['accept-encoding'] === 'gzip';
    response.writeHead(status, {
      ...{ 'content-type': 'application/octet-stream', 'cache-control': cacheControl, vary: 'accept-encoding' },
      ...(packed && { 'content-encoding': 'gzip' }),
    });
    response.end(`${packed ? 'packed' : 'plain'} ${queryApi.seen.length}`);
  };
}

const get = (path: string, headers = {}): Promise<Answer> => client.get(path, headers);
const texts = async (...asked: Promise<Answer>[]): Promise<string[]> =>
  (await Promise.all(asked)).map(({ text }) => text);

describeWithNginx('nginx before the ballot boxes', () => {
  it('asks for what never changes once, whoever wants it, by whatever name of the site', async () => {
    await get(file, { host: 'a.example' });

    expect((await get(file)).headers).toMatchObject({ 'cache-control': FOR_EVER, 'x-content-type-options': 'nosniff' });
    expect(await texts(get(file), get(file, { host: 'b.example' }))).toEqual(['plain 1', 'plain 1']);
    expect((await client.call('HEAD', file)).status).toBe(200);
    expect(queryApi.seen).toHaveLength(1);
  });

  it('asks once for what many want at a time', async () => {
    const behaviour = queryApi.behaviour;
    queryApi.behaviour = (request, response) => void delay(100).then(() => behaviour(request, response));

    expect(new Set(await texts(...Array.from({ length: 50 }, () => get(file))))).toEqual(new Set(['plain 1']));
    expect(queryApi.seen).toHaveLength(1);
  });

  it('keeps entries packed for whoever takes that, and plain for others', async () => {
    const packed = ['gzip', 'br, gzip;q=0.5', 'deflate,gzip'].map((coding) => ({ 'accept-encoding': coding }));
    const plain = [{}, ...['br', 'gzip;q=0', 'identity, gzip; q=0.0'].map((coding) => ({ 'accept-encoding': coding }))];
    for (const headers of packed) expect((await get(ENTRIES, headers)).text).toBe('packed 1');
    for (const headers of plain) expect((await get(ENTRIES, headers)).text).toBe('plain 2');

    expect(queryApi.seen.map(({ headers }) => headers['accept-encoding'])).toEqual(['gzip', undefined]);
    await get(file, packed[0]);
    expect(queryApi.seen.at(-1)?.headers['accept-encoding']).toBeUndefined();
  });

  it('gives an auditor’s answer to nobody, whatever the service says of it', async () => {
    for (const cacheControl of [FOR_EVER, 'private, no-store']) {
      answers(cacheControl);
      const path = `${file}.p/${cacheControl.length}`;
      expect(await texts(get(path, AUDITOR))).toEqual(['plain 1']);
      answers('no-store', 404);
      expect((await get(path)).status).toBe(404);
    }
  });

  it('gives an auditor nothing that it kept', async () => {
    await get(file);

    expect(await texts(get(file, AUDITOR), get(file))).toEqual(['plain 2', 'plain 1']);
    expect(queryApi.seen.at(-1)?.headers.authorization).toBe(AUDITOR.authorization);
  });

  it('keeps the files of votes whoever asks, and asks for them without a login: they are made anew for nobody', async () => {
    const votes = `/urna/${String(files)}/1/votos/v2/5000/2/1`;

    expect(await texts(get(votes, AUDITOR), get(votes), get(votes, AUDITOR))).toEqual([
      'plain 1',
      'plain 1',
      'plain 1',
    ]);
    expect(queryApi.seen.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });

  it('keeps nothing that has a query: the link of a rehearsal has its key there', async () => {
    expect((await get(`${file}?chave=abc`)).text).toBe('plain 1');
    expect((await get(`${file}?%63have=abc`)).text).toBe('plain 2');
    answers('no-store', 404);

    expect((await get(file)).status).toBe(404);
  });

  it('keeps nothing for pages of other sites, and gives them nothing that it kept: to each the service says whether it may read it', async () => {
    const other = { origin: 'https://other.example' };

    expect(await texts(get(`${file}.p/1`, other))).toEqual(['plain 1']);
    expect(await texts(get(`${file}.p/1`))).toEqual(['plain 2']);
    expect(await texts(get(`${file}.p/1`, other), get(`${file}.p/1`))).toEqual(['plain 3', 'plain 2']);
    expect(queryApi.seen.at(-1)?.headers.origin).toBe(other.origin);
  });

  it.each([
    ['private, no-store', 200],
    ['no-store', 404],
    ['no-store', 503],
  ])('keeps nothing that is %s, %s', async (cacheControl, status) => {
    answers(cacheControl, status);
    expect((await get(file)).status).toBe(status);
    answers(FOR_EVER);

    expect((await get(file)).text).toBe('plain 1');
  });

  it('keeps a checkpoint as long as it is good, and papers for the name by which they were asked', async () => {
    answers('public, max-age=1');
    const path = `/urna/${String(files)}/1/checkpoint`;
    expect(await texts(get(path))).toEqual(['plain 1']);
    await delay(2100);
    expect(await texts(get(path))).toEqual(['plain 2']);

    answers('public, max-age=60');
    const paper = `/urna/${String(files)}/boletim`;
    expect([...(await texts(get(paper))), ...(await texts(get(paper, { host: 'b.example' })))]).toEqual([
      ...['plain 1', 'plain 2'],
    ]);
    expect(await texts(get(paper))).toEqual(['plain 1']);
  });

  it('lets a program read a whole box, if not faster than 500 files a second', async () => {
    const started = performance.now();
    const read = await Promise.all(Array.from({ length: 900 }, () => get(file)));

    expect(new Set(read.map(({ status }) => status))).toEqual(new Set([200]));
    expect(performance.now() - started).toBeGreaterThan(1000);
  });
});
