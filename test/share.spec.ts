import { beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';

import { Nginx } from './nginx/nginx.ts';
import type { Answer, Client, Json } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { expectProblem } from './support/problem.ts';
import { proclaimed } from './support/sign-off.ts';
import { Server } from './support/server.ts';
import { needs } from './tools/needs.ts';

const ORIGIN = 'https://voto.example';
/** A page keeps what is in its head for 5 s. */
const HEAD_LIMIT_MS = 15_000;
const PAGES = ['/', '/index.html', '/resultado.html'];

/** The `meta` elements for whoever shows a link. */
function metas({ text }: Answer): Readonly<Record<string, string>> {
  const found = [...text.matchAll(/<meta (?:property|name)="((?:og|twitter):[\w:]+)" content="([^"]*)" \/>/g)];
  return Object.fromEntries(found.map(([, name, content]) => [name!, content!.replaceAll('&amp;', '&')]));
}

const pathOf = (address = ''): string => address.slice(ORIGIN.length);

let server: Server;
let client: Client;
let onAir = '1';

beforeAll(async () => {
  server = await Server.start({ env: { PUBLIC_ORIGIN: ORIGIN } });
  client = server.client();
});

/** A poll in place of the one on air. */
async function opened(poll: object): Promise<string> {
  await client.admin('POST', `/paredoes/${onAir}/encerrar`);
  const participantes = [{ nome: 'Ana "Aurora" <b>' }, { nome: 'Bento & Cia' }];
  const { json } = await client.admin('POST', '/paredoes', { finalidade: 'eliminar', participantes, ...poll });
  await eventually(
    async (): Promise<Json> => (await client.get(`/resultado?paredao=${String(json.id)}`)).json,
    ({ paredao }) => paredao === json.id,
  );
  onAir = String(json.id);
  return onAir;
}

/** The head as soon as it says this. */
const headSays = (path: string, text: string): Promise<Readonly<Record<string, string>>> =>
  eventually(
    async () => metas(await client.get(path)),
    (head) => head['og:description']?.includes(text) === true,
    HEAD_LIMIT_MS,
  );

describe('a link to a poll', () => {
  it('comes with title, participants and purpose, and a picture at an absolute address', async () => {
    const heads = await Promise.all(PAGES.map(async (page) => metas(await client.get(page))));

    expect(heads[0]).toMatchObject({
      'og:title': 'Quem fica na Casa de Vidro?',
      'og:description': 'Votação para ficar: Aurora Estrela ou Íris Trovão. Vote agora.',
      'og:url': `${ORIGIN}/?paredao=1`,
      'og:image': expect.stringMatching(/^https:\/\/voto\.example\/cartao\.png\?paredao=1&v=[0-9a-f]{8}$/),
      'og:image:width': '1200',
      'twitter:card': 'summary_large_image',
    });
    expect(heads[1]).toEqual(heads[0]);
    expect(heads[2]).toMatchObject({ 'og:url': `${ORIGIN}/resultado.html?paredao=1` });
  });

  it('has a picture that any reader shows, and that none keeps for long', async () => {
    const card = await client.get(pathOf(metas(await client.get('/'))['og:image']));
    expect(card.headers).toMatchObject({ 'content-type': 'image/png', 'cache-control': 'public, max-age=60' });

    const bytes = Buffer.from(await (await fetch(`http://127.0.0.1:${String(server.port)}/cartao.png`)).arrayBuffer());
    expect(await sharp(bytes).metadata()).toMatchObject({ format: 'png', width: 1200, height: 630 });
    // the smallest limit of such readers
    expect(bytes.length).toBeLessThan(300_000);
  });

  it('has no markup of the names in it', async () => {
    const id = await opened({ titulo: 'Quem sai?" onload="x' });
    const { text } = await client.get(`/?paredao=${id}`);

    expect(text).toContain('content="Quem sai?&quot; onload=&quot;x"');
    expect(text).toContain('Ana &quot;Aurora&quot; &lt;b&gt; ou Bento &amp; Cia');
    expect((await client.get(`/cartao.png?paredao=${id}`)).status).toBe(200);
  });

  it('says what came of the poll, under another address of the picture', async () => {
    const id = await opened({ titulo: 'Quem sai?', divulgacao: 'no-fim' });
    for (const participant of [1, 1, 2]) await client.cast(participant);
    const path = `/resultado.html?paredao=${id}`;
    const open = await headSays(path, 'Vote agora');
    await client.admin('POST', `/paredoes/${id}/encerrar`);
    expect((await headSays(path, 'Votação encerrada'))['og:description']).not.toMatch(/%|eliminou/);
    await proclaimed(client, id);

    const over = await headSays(path, 'O público eliminou Ana');
    expect(over['og:description']).toContain('com 66,67% dos votos');
    expect(over['og:image']).not.toBe(open['og:image']);
    await client.admin('POST', `/paredoes/${id}/anular`, { motivo: 'Nome errado' });
    expect((await headSays(path, 'Paredão anulado'))['og:description']).not.toMatch(/%|eliminou/);
  }, 90_000);

  it('to nothing, and to a rehearsal without its key, tells nothing', async () => {
    const id = String(
      (
        await client.admin('POST', '/paredoes', {
          ...{ titulo: 'Ensaio geral', finalidade: 'vencer', ensaio: true },
          participantes: [{ nome: 'Ana' }, { nome: 'Bento' }],
        })
      ).json.id,
    );
    for (const poll of [id, '99', 'x"><script>']) {
      const head = metas(await client.get(`/?paredao=${encodeURIComponent(poll)}`));
      expect(head).toMatchObject({ 'og:title': 'Paredão', 'og:url': `${ORIGIN}/` });
      expect(head['og:image']).toBeUndefined();
    }
    for (const poll of [id, '99'])
      expectProblem(await client.get(`/cartao.png?paredao=${poll}`), 404, 'poll-not-found');
  });
});

needs('nginx')('behind nginx', () => {
  it('a link comes with the same, the page also without the service', async () => {
    const nginx = await Nginx.start({ commandApis: [server.port], queryApis: [server.port] });
    const door = nginx.client();
    for (const page of [...PAGES, '/?paredao=1', '/resultado.html?paredao=1']) {
      const itself = await client.get(page);
      // a busy service may be too slow for the first head, and no page waits for it
      const byNginx = await eventually(
        () => door.get(page),
        (answer) => metas(answer)['og:title'] !== undefined,
      );
      expect({ page, metas: metas(byNginx) }).toEqual({ page, metas: metas(itself) });
      expect(byNginx.headers).toMatchObject({
        'cache-control': 'no-cache',
        'content-type': 'text/html; charset=utf-8',
      });
    }
    // the file is the same, what goes into it may not be
    const since = { 'if-modified-since': new Date(Date.now() + 60_000).toUTCString() };
    expect((await door.get('/', since)).status).toBe(200);
    const { 'og:image': image } = metas(await door.get('/'));
    expect((await door.get(pathOf(image))).headers['content-type']).toBe('image/png');
    // it is for pages only
    expect(await door.get('/cartao/meta?pagina=votar')).toMatchObject({ status: 204, text: '' });

    const away = await Nginx.start({ commandApis: [1], queryApis: [1] });
    const { status, text } = await away.client().get('/');
    expect([status, text.includes('id="cedula"'), text.includes('og:')]).toEqual([200, true, false]);
    expect(text).not.toMatch(/<!--#|SSI|urn:paredao:problem/);
  });
});
