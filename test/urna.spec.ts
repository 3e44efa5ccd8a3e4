import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { leafHash, openNote, parseCheckpoint, parseEntries, parseNote, verifierOf } from '#transparency';

import { anchorOf } from '../libs/audit/urna/anchors.ts';
import { type Answer, type Client, type Json } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { expectProblem } from './support/problem.ts';
import { codeInDrawing } from './support/qr.ts';
import { proclaimed } from './support/sign-off.ts';
import { Server, temporaryDirectory } from './support/server.ts';
import { needs } from './tools/needs.ts';
import { CACHE } from './tools/tools.ts';

const VOTES = 300;
const CUT_LIMIT_MS = 40_000;
const FSCK_LIMIT_MS = 30_000;
const FSCK = join(CACHE, 'tessera-v1.0.4', 'fsck');
const FILES = [
  'checkpoint',
  'vkey',
  'tile/0/000',
  'tile/0/000.p/1',
  'tile/entries/000',
  'tile/entries/000.p/1',
  'tile/0/x',
];
const HIDDEN = [
  ...['1', 'atos', '2', 'x'].flatMap((log) => FILES.map((file) => `${log}/${file}`)),
  ...['boletim', 'boletim.json'],
];

let server: Server;
let client: Client;

beforeAll(async () => {
  server = await Server.start();
  client = server.client();
}, 60_000);
afterAll(() => client.close());

/** All that a stranger learns from an answer; the request's id and the time are other ones each time. */
function learnt({ status, headers, text: body }: Answer): object {
  const { date: _date, 'x-request-id': _id, ...others } = headers;
  return { status, others, body };
}

async function castMany(participant: number, count: number): Promise<void> {
  for (let left = count; left > 0; left -= 20)
    await Promise.all(Array.from({ length: Math.min(20, left) }, () => client.cast(participant)));
}

describe('a ballot box of an open poll', () => {
  it('says before the first vote that it is empty, signed', async () => {
    const { json: zeresima } = await eventually(
      () => client.get('/urna/1/zeresima.json'),
      ({ status, json }) => status === 200 && json.checkpoint !== null,
    );
    const { text: signed } = openNote(zeresima.checkpoint, [verifierOf(zeresima.chaves.urna)]);
    const root = leafHash(Buffer.from(zeresima.folha));

    expect(parseCheckpoint(signed)).toEqual({ origin: zeresima.origem, size: 1, root });
    expect(zeresima.raiz).toBe(root.toString('base64'));
    expect(zeresima.participantes).toMatchObject([{ numero: 1 }, { numero: 2 }]);
    const { text: deployment } = await client.get('/urna/vkey');
    expect(deployment).toBe(`${zeresima.chaves.servico}\n`);
    expect(openNote(zeresima.chaves.nota, [verifierOf(zeresima.chaves.servico)]).verified).toHaveLength(1);
  });

  it('has a page of that to print, which loads a style sheet and runs nothing', async () => {
    const { status, headers, text: page } = await client.get('/urna/1/zeresima');

    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(headers['content-security-policy']).toContain("style-src 'self'");
    expect(page).not.toMatch(/<script|style=| on\w+=/);
    expect((await client.get('/urna.css')).headers['content-type']).toContain('text/css');
    const address = /<figcaption><a href="([^"]+)"/.exec(page)?.[1];
    expect(address).toBe(`http://127.0.0.1:${server.port}/urna/1/zeresima`);
    expect(await readQr(page)).toBe(address);
  });

  it('is not there for the public, nor for staff who are no auditors, whatever is asked for', async () => {
    await castMany(1, VOTES);
    const nothing = learnt(await client.get('/urna/999/1/checkpoint'));
    for (const path of HIDDEN) {
      expect({ path, ...learnt(await client.get(`/urna/1/${path}`)) }).toEqual({ path, ...nothing });
      expect({ path, ...learnt(await client.get(`/urna/1/${path}?chave=x`)) }).toEqual({ path, ...nothing });
    }
    expectProblem(await client.get('/urna/1/1/checkpoint'), 404, 'urna-not-found');
    for (const poll of ['1', '999']) {
      expectProblem(await client.get(`/urna/${poll}/1/checkpoint`, client.basic('producao')), 403, 'forbidden');
      expectProblem(
        await client.get(`/urna/${poll}/1/checkpoint`, { authorization: 'Bearer x' }),
        401,
        'unauthenticated',
      );
      expectProblem(
        await client.get(`/urna/${poll}/1/checkpoint`, client.basic('auditor-x')),
        401,
        'invalid-credentials',
      );
    }
  });

  it('is there for an auditor, and no cache may keep the answer', async () => {
    const { text: note } = await eventually(
      () => client.get('/urna/1/1/checkpoint', client.basic('auditor')),
      ({ text: said }) => said.split('\n')[1] === String(VOTES + 1),
    );
    for (const path of ['1/checkpoint', '1/tile/0/000', '1/tile/entries/001.p/45', '1/vkey', 'atos/checkpoint']) {
      const { status, headers } = await client.get(`/urna/1/${path}`, client.basic('auditor'));
      expect([path, status, headers['cache-control']]).toEqual([path, 200, 'private, no-store']);
    }
    expect(parseCheckpoint(parseNote(note).text).origin).toMatch(/\/urna\/1\/1$/);
    expectProblem(await client.get('/urna/1/1/tile/0/002', client.basic('auditor')), 404, 'tile-not-found');
    expectProblem(await client.get('/urna/1/boletim.json', client.basic('auditor')), 409, 'poll-not-closed');
  });
});

describe('a ballot box whose result is proclaimed', () => {
  let boletim: Json;

  beforeAll(async () => {
    await client.admin('POST', '/paredoes/1/encerrar');
    expectProblem(await client.get('/urna/1/boletim.json'), 404, 'urna-not-found');
    expect((await proclaimed(client, '1')).status).toBe(200);
    const found = await eventually(
      () => client.get('/urna/1/boletim.json'),
      ({ status, json }) => status === 200 && json.estado === 'proclamado',
      CUT_LIMIT_MS,
    );
    boletim = found.json;
  }, CUT_LIMIT_MS * 2);

  it('has a boletim with the totals, which is an anchor for audits', async () => {
    expect(boletim).toMatchObject({
      ...{ total: VOTES, corte: VOTES + 1, definitivo: true, completo: true },
      participantes: [{ votos: VOTES, percentual: 100 }, { votos: 0 }],
      urna: { folhas: VOTES + 2 },
      digest: (await client.total('1')).digest,
    });
    expect(anchorOf('boletim.json', JSON.stringify(boletim)).notes).toEqual([
      boletim.urna.checkpoint,
      boletim.atos.checkpoint,
    ]);
    const { json: zeresima } = await client.get('/urna/1/zeresima.json');
    expect(boletim.zeresima).toBe(zeresima.raiz);
  });

  it('has a page of that to print, whose code leads back to it', async () => {
    const { status, headers, text: page } = await client.get('/urna/1/boletim');

    expect([status, headers['cache-control']]).toEqual([200, 'public, max-age=5']);
    expect(await readQr(page)).toBe(`http://127.0.0.1:${server.port}/urna/1/boletim`);
    expect(page).toContain(`<td>${VOTES}</td><td>100,00%</td>`);
    expect(page).not.toContain('Provisório');
  });

  it('is served as a static log, for ever, entries packed for whoever takes that', async () => {
    const entries = await client.get('/urna/1/1/tile/entries/000');
    const packed = await fetch(`http://127.0.0.1:${server.port}/urna/1/1/tile/entries/000`, {
      headers: { 'accept-encoding': 'gzip' },
    });
    for (const { headers } of [entries, await client.get('/urna/1/1/tile/0/001.p/46')])
      expect(headers).toMatchObject({
        ...{ 'cache-control': 'public, max-age=31536000, immutable', 'content-type': 'application/octet-stream' },
      });
    expect(packed.headers.get('content-encoding')).toBe('gzip');
    expect(Number(packed.headers.get('content-length'))).toBeLessThan(entries.text.length / 2);
    const [first, ...votes] = parseEntries(new Uint8Array(await packed.arrayBuffer()));
    expect(leafHash(first!).toString('base64')).toBe(boletim.zeresima);
    expect(votes).toHaveLength(255);
  });

  it.each([
    ['a tile that is not full yet', '1/tile/0/001'],
    ['a wider part than there is', '1/tile/entries/001.p/47'],
    ['one after the end', '1/tile/entries/002.p/1'],
    ['another way to write it', '1/tile/0/0'],
    ['a level without end', '1/tile/9/000'],
    ['far away', '1/tile/entries/x999/x999/x999/x999/x999/999'],
    ['nothing', '1/tile/'],
  ])('has no tile that is %s', async (_what, path) => {
    expectProblem(await client.get(`/urna/1/${path}`), 404, 'tile-not-found');
  });

  it('has two logs and no other', async () => {
    for (const log of ['0', '01', '2', 'Atos'])
      expectProblem(await client.get(`/urna/1/${log}/checkpoint`), 404, 'urna-not-found');
    expect((await client.get('/urna/1/atos/checkpoint')).status).toBe(200);
    expectProblem(await client.get('/urna/1/1/checkpoint?x=1'), 400, 'malformed-request');
  });

  it('has no votes to look up where an earlier version had them, in another form: what is kept of those is not read as these', async () => {
    const earlier = await client.get('/urna/1/1/votos/302/0/0');

    expectProblem(earlier, 404, 'not-found');
    expect(earlier.headers['cache-control']).toBe('no-store');
  });

  it('is not there with a key, which only rehearsals have: no request leads past the caches', async () => {
    const nothing = learnt(await client.get('/urna/999/1/checkpoint?chave=x'));
    for (const path of ['1/checkpoint', '1/tile/0/000', '1/votos/v2/302/0/0', 'boletim.json'])
      expect({ path, ...learnt(await client.get(`/urna/1/${path}?chave=x`)) }).toEqual({ path, ...nothing });
    for (const path of ['zeresima', 'zeresima.json'])
      expectProblem(await client.get(`/urna/1/${path}?chave=x`), 404, 'poll-not-found');
  });

  needs('fsck')("Tessera's fsck, unmodified,", () => {
    it.each(['1', 'atos'])('passes the log %s at its address', async (log) => {
      const url = `http://127.0.0.1:${server.port}/urna/1/${log}`;
      const vkey = join(temporaryDirectory(), 'vkey');
      writeFileSync(vkey, (await client.get(`/urna/1/${log}/vkey`)).text);
      const child = spawn(FSCK, [`-storage_url=${url}/`, `-public_key=${vkey}`, '-ui=false', '-N=16'], {
        ...{ timeout: FSCK_LIMIT_MS, killSignal: 'SIGKILL' },
      });
      const ended = once(child, 'close');
      const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
      await ended;
      expect(out + err).toContain("Successfully fsck'd log");
    });
  });
});

/** What a phone's camera reads on a page. */
const readQr = (page: string): Promise<string | undefined> =>
  codeInDrawing(/<svg viewBox="0 0 \d+ \d+" role="img".*?<\/svg>/.exec(page)![0]);
