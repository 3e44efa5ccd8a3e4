import { beforeAll, describe, expect, it } from '@jest/globals';
import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';

import type { Answer, Client } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { expectProblem } from '../support/problem.ts';
import { raw } from '../support/raw.ts';
import { Server, credentialsOf, temporaryDirectory } from '../support/server.ts';
import { Nginx, describeWithNginx } from './nginx.ts';

const START_LIMIT_MS = 60_000;
const PACKED_MARK = '/* packed by the build */';

/** The pages with one style sheet packed beside itself, so that it shows which of the two was served. */
function pagesWithPackedFile(): { pages: string; packed: string } {
  const pages = join(temporaryDirectory(), 'web');
  cpSync('dist/web', pages, { recursive: true });
  mkdirSync(join(pages, 'assets'), { recursive: true });
  writeFileSync(join(pages, 'assets/packed-0000.css'), 'body {}');
  writeFileSync(join(pages, 'assets/packed-0000.css.gz'), gzipSync(PACKED_MARK));
  return { pages, packed: '/assets/packed-0000.css' };
}

const RULES = 'Vote quantas vezes quiser.\n\nQuem tiver mais votos fica.';

/** A page, but for what it says of the poll: each service has its own. */
const withoutCard = (page: string): string =>
  page.replaceAll(/(?<=<meta property="og:\w+(?::\w+)?" content=").*(?=")/g, '…');

describeWithNginx('nginx in front of the three services', () => {
  const { pages, packed } = pagesWithPackedFile();
  let nginx: Nginx;
  let client: Client;

  beforeAll(async () => {
    const dataDir = temporaryDirectory();
    const env = { METRICS_PORT: '' };
    const commandApi = await Server.start({ program: 'command-api', dataDir, env });
    const projector = await Server.start({ program: 'projector', dataDir, env });
    const queryApi = await Server.launch({ program: 'query-api', dataDir, env });
    nginx = await Nginx.start({ commandApis: [commandApi.port], queryApis: [queryApi.port], pages });
    client = nginx.client(credentialsOf(dataDir));
    const opened = await commandApi.client().admin('POST', '/paredoes', {
      titulo: 'Quem fica?',
      divulgacao: 'sempre',
      finalidade: 'ficar',
      regulamento: RULES,
      participantes: [{ nome: 'Ana' }, { nome: 'Bia' }],
    });
    expect(opened.status).toBe(201);
    await queryApi.ready();
    expect(projector.isRunning).toBe(true);
    await eventually(
      () => client.get('/paredao'),
      ({ status }) => status === 200,
    );
  }, START_LIMIT_MS);

  it('has a configuration that nginx accepts without a warning', () => {
    const { isValid, output } = Nginx.check({ commandApis: [1], queryApis: [1], balancers: ['10.0.0.0/8'] });
    expect(output).not.toMatch(/warn|emerg|alert/);
    expect(isValid).toBe(true);
  });

  describe('pages', () => {
    it('have the headers that the service itself gives them', async () => {
      const standalone = await Server.start({ dataDir: temporaryDirectory() });
      const [own, proxied] = [await standalone.client().get('/'), await client.get('/')];
      await standalone.stop();
      const policies = [
        'content-security-policy',
        'cross-origin-opener-policy',
        'permissions-policy',
        'referrer-policy',
      ];
      for (const name of [...policies, 'x-content-type-options', 'cache-control', 'content-type']) {
        expect({ [name]: proxied.headers[name]?.toString().toLowerCase() }).toEqual({
          [name]: own.headers[name]?.toString().toLowerCase(),
        });
      }
      expect(withoutCard(proxied.text)).toBe(withoutCard(own.text));
      expect(proxied.headers['server']).toBe('nginx');
    });

    it('are asked for anew, files with a hash in their names never', async () => {
      const page = await client.get('/painel.html');
      expect(page.headers['cache-control']).toBe('no-cache');
      const script = readdirSync(join(pages, 'assets')).find((name) => name.endsWith('.js'));
      const asset = await client.get(`/assets/${script ?? ''}`);
      expect(asset.status).toBe(200);
      expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable');
      expect(asset.headers['content-type']).toBe('text/javascript; charset=utf-8');
      expect(asset.headers['content-security-policy']).toMatch(/default-src 'self'/);
    });

    it('come packed: the packed file of the build where there is one, else on the way', async () => {
      const gzip = { 'accept-encoding': 'gzip' };
      const page = await client.get('/', gzip);
      expect(page.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'Accept-Encoding' });
      const response = await fetch(`http://127.0.0.1:${nginx.port}${packed}`);
      expect(await response.text()).toBe(PACKED_MARK);
      expect(response.headers.get('content-length')).toBe(String(gzipSync(PACKED_MARK).length));
      expect(gunzipSync(gzipSync(PACKED_MARK)).toString()).toBe(PACKED_MARK);
    });

    it('do not exist elsewhere: a problem, not a page of nginx', async () => {
      for (const path of [
        '/nada',
        '/assets/',
        '/assets/nada.js',
        '/.env',
        '/../package.json',
        '/assets/../../package.json',
      ]) {
        const answer = await client.get(path);
        expect([400, 404]).toContain(answer.status);
        expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
      }
      expectProblem(await client.call('POST', '/painel.html', { json: {} }), 405, 'method-not-allowed');
    });
  });

  it('takes a vote, shows it in the result, and counts it', async () => {
    const before = (await client.total()).total as number;
    const { json: vote } = await client.cast(1);
    const result = await client.get(`/resultado?desde=${String(vote.voto.posicao)}`);
    expect(result.json).toMatchObject({ inclui_seu_voto: true, sem_votos: false });
    expect((await client.total()).total).toBe(before + 1);
  });

  it('shows what a vote means, and lets an administrator pause it, which the other services hear of', async () => {
    expect((await client.get('/paredao')).json).toMatchObject({ finalidade: 'ficar', tem_regulamento: true });
    expect((await client.get('/paredao/regulamento?paredao=1')).json).toMatchObject({ regulamento: RULES });
    const altcha = await client.solved();
    expect((await client.admin('POST', '/paredoes/1/pausar')).status).toBe(200);
    expectProblem(await client.vote(1, altcha), 409, 'poll-paused');
    await eventually(
      () => client.get('/resultado'),
      ({ json }) => json.pausado_em !== null,
    );
    expect((await client.admin('POST', '/paredoes/1/retomar')).status).toBe(200);
    expect((await client.vote(1, altcha)).status).toBe(201);
    await eventually(
      () => client.get('/resultado'),
      ({ json }) => json.pausado_em === null,
    );
  });

  it('lets administrators in, and passes their refusals on as they are', async () => {
    const token = await client.call('POST', '/login', {
      json: { usuario: 'producao', senha: client.passwordOf('producao') },
    });
    expect(token.status).toBe(200);
    const total = await client.get('/total', { authorization: `Bearer ${String(token.json.token)}` });
    expect(total.status).toBe(200);
    expectProblem(await client.get('/total'), 401, 'unauthenticated');
    const renamed = await client.admin('PATCH', '/paredoes/1/participantes/2', { nome: 'Íris', motivo: 'Erro' });
    expect(renamed.json.participantes[1].nome).toBe('Íris');
    expectProblem(await client.admin('POST', '/paredoes', { titulo: 'x' }), 400, 'malformed-request');
  });

  it('lets a screen of the stage say what it shows, and stay logged in', async () => {
    const headers = await client.bearer('producao');
    const json = { nome: 'Telão', paredao: '1', modo: 'contagem', quadro_em: new Date().toISOString() };
    expect((await client.call('PUT', '/palco/telas/0123456789abcdef', { headers, json })).status).toBe(200);
    expect((await client.call('DELETE', '/palco/telas/0123456789abcdef', { headers })).status).toBe(200);
    expect((await client.call('POST', '/login/renovar', { headers })).status).toBe(200);
    expect((await client.call('POST', '/paredoes/1/palco', { headers, json: { modo: 'suspense' } })).status).toBe(200);
    expect((await client.get('/palco.html')).status).toBe(200);
  });

  it('passes a photo on as it comes, and its refusal back', async () => {
    const send = (headers: object): Promise<Answer> =>
      client.call('PUT', '/paredoes/1/participantes/1/foto', {
        body: Buffer.alloc(900_000),
        headers: { 'content-type': 'image/png', ...headers },
      });
    expectProblem(await send({}), 401, 'unauthenticated');
    expect((await send(await client.bearer('admin'))).status).toBe(400);
  });

  it('says that the connection ends when it refuses a photo that is still on its way', async () => {
    const head =
      'PUT /paredoes/1/participantes/1/foto HTTP/1.1\r\nhost: a\r\ncontent-type: image/png\r\ncontent-length: 900000\r\n\r\n';
    expect(await raw(nginx.port, head)).toMatch(/^HTTP\/1.1 401 [^]*\r\nConnection: close\r\n/);
  });

  it.each([
    ['/resultado/aovivo', 'resultado', 'nobody'],
    ['/total/aovivo', 'total', 'producao'],
    ['/palco/aovivo', 'palco', 'producao'],
  ])('streams %s as it happens', async (path, event, user) => {
    const started = performance.now();
    const first = await client.stream(path, 1, client.basic(user));
    expect(performance.now() - started).toBeLessThan(1500);
    expect(first.events[0]?.event).toBe(event);
    expect(first.headers['content-type']).toBe('text/event-stream; charset=utf-8');
    const more = await client.stream(path, 3, client.basic(user));
    expect(more.events).toHaveLength(3);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it.each([
    ...[
      '/metrics',
      '/health/live',
      '/health/ready',
      '/swagger',
      '/swagger-json',
      '/status',
      '/problems/not-found.json',
    ],
    ...['/votar/../metrics', '/votar/%2e%2e/metrics', '/votar/..%2fmetrics', '/paredoes/../health/ready', '//metrics'],
    ...['/total/../metrics', '/resultado/aovivo/../../metrics', '/metrics?x=/votar/1', '/snippets/log.conf'],
  ])('does not let the public reach %s', async (path) => {
    expectProblem(await client.get(path), 404, 'not-found');
  });

  it('refuses what is too large before it reaches a service', async () => {
    const large = await client.call('POST', '/votar/1', { json: { altcha: 'x'.repeat(20_000) } });
    expectProblem(large, 413, 'payload-too-large');
    expectProblem(await client.get('/paredao', { 'x-large': 'x'.repeat(17_000) }), 431, 'headers-too-large');
    expectProblem(await client.get(`/${'x'.repeat(17_000)}`), 414, 'uri-too-long');
  });

  it('says that it is there', async () => {
    expect(await client.get('/saude')).toMatchObject({ status: 200, text: 'ok\n' });
  });
});
