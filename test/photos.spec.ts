import { beforeAll, describe, expect, it } from '@jest/globals';
import { createHash, randomUUID } from 'node:crypto';
import sharp from 'sharp';

import { PHOTO_STORED, photoStream } from '#domain';
import { SqliteEventLog } from '#event-log';

import { png, pngChunk } from '../apps/command-api/testing/png.ts';
import type { Answer, Client } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { expectProblem } from './support/problem.ts';
import { raw } from './support/raw.ts';
import { Server } from './support/server.ts';

const SECRET = 'GPS -22.9068 -43.1729';
const PATH = '/paredoes/1/participantes/1/foto';

let server: Server;
let client: Client;

beforeAll(async () => {
  server = await Server.start();
  client = server.client();
});

const upload = async (body: Buffer | string, type = 'image/png', path = PATH, by = client): Promise<Answer> =>
  by.call('PUT', path, { headers: { ...(await by.bearer('admin')), 'content-type': type }, body });
const portrait = (): Promise<Buffer> =>
  sharp(png({ width: 100, height: 120 }))
    .resize(1500, 1800)
    .png()
    .toBuffer();
const bytesOf = async (path: string, from = server): Promise<Buffer> => {
  const answer = await fetch(`http://127.0.0.1:${String(from.port)}${path}`);
  return Buffer.from(await answer.arrayBuffer());
};
const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const photoOf = (answer: Answer): string => answer.json.participantes[0].foto as string;

describe('a photo', () => {
  let path: string;

  it('is stored without what it tells, under the hash of its bytes', async () => {
    const answer = await upload(png({}, pngChunk('tEXt', Buffer.from(SECRET))));
    expect(answer.status).toBe(200);
    path = photoOf(answer);
    const bytes = await bytesOf(path);
    expect(path).toBe(`/fotos/${hashOf(bytes)}`);
    expect(bytes.includes(SECRET)).toBe(false);
    expect((await client.get(path)).headers).toMatchObject({
      'content-type': 'image/webp',
      'cache-control': 'public, max-age=31536000, immutable',
      'content-disposition': 'inline; filename="foto"',
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
    });
  });

  it('is believed by its bytes, whatever it is called; and the same photo is the same', async () => {
    expect(photoOf(await upload(png(), 'image/webp'))).toBe(path);
    expectProblem(await upload('<svg onload="alert(1)"/>'), 400, 'invalid-photo');
    expectProblem(await upload(''), 400, 'invalid-photo');
  });

  it('is where the participant is, for everybody', async () => {
    const shows = async (route: string): Promise<unknown> => {
      const { json } = await eventually(
        () => client.get(route, client.basic('producao')),
        (answer) => (answer.json.participantes ?? answer.json.por_participante)[0].foto !== undefined,
      );
      const participants = (json.participantes ?? json.por_participante) as { foto?: string }[];
      return participants.map(({ foto }) => foto ?? null);
    };
    for (const route of ['/paredao', '/resultado', '/total']) expect(await shows(route)).toEqual([path, null]);
  });

  it('comes at the widths that pages ask for, and no other', async () => {
    const large = photoOf(await upload(await portrait()));
    const sizes: number[][] = [];
    for (const query of ['', '?w=320', '?w=640', '?w=960']) {
      const { width, height } = await sharp(await bytesOf(`${large}${query}`)).metadata();
      sizes.push([width, height]);
    }
    expect(sizes).toEqual([
      [960, 1152],
      [320, 384],
      [640, 768],
      [960, 1152],
    ]);
    const narrow = await client.get(`${large}?w=320`);
    expect(narrow.headers).toMatchObject({
      'content-type': 'image/webp',
      'cache-control': 'public, max-age=31536000, immutable',
      'content-security-policy': "default-src 'none'; sandbox",
    });
    for (const query of ['w=', 'w=321', 'w=0320', 'w=320.0', 'w=320&w=640', 'w=1e9']) {
      expectProblem(await client.get(`${large}?${query}`), 400, 'malformed-request');
    }
    expectProblem(await client.get(`/fotos/${'0'.repeat(64)}?w=320`), 404, 'not-found');
    expect(photoOf(await upload(png()))).toBe(path);
  });

  it('is refused where it is too much, of no kind that is taken, or for nobody', async () => {
    expectProblem(await upload(Buffer.alloc(1_000_001)), 413, 'payload-too-large');
    // a client that writes all before it reads gets its refusal too
    for (let sent = 0; sent < 5; sent++) expectProblem(await upload(Buffer.alloc(8_000_000)), 413, 'payload-too-large');
    expectProblem(await upload('x', 'image/svg+xml'), 415, 'unsupported-media-type');
    expectProblem(await upload(png(), 'image/png', '/paredoes/9/participantes/1/foto'), 404, 'poll-not-found');
    expectProblem(await upload(png(), 'image/png', '/paredoes/1/participantes/7/foto'), 404, 'participant-not-found');
    // other routes take photos no larger than anything else
    expectProblem(await upload(Buffer.alloc(20_000), 'image/png', '/paredoes/1/agenda'), 413, 'payload-too-large');
    for (const nothing of ['0'.repeat(64), 'x', '..%2Fusers.json']) {
      expectProblem(await client.get(`/fotos/${nothing}`), 404, 'not-found');
    }
  });

  it('of a stranger is refused before it is read, and so is one from an address that sends too many', async () => {
    const head = `PUT ${PATH} HTTP/1.1\r\nhost: x\r\ncontent-type: image/png\r\ncontent-length: 900000\r\n`;
    expect(await raw(server.port, `${head}\r\n`)).toMatch(/^HTTP\/1.1 401 /);
    const limited = (await Server.start({ env: { RATE_LIMIT: '1' } })).port;
    expect(await raw(limited, `${head}\r\n`)).toMatch(/^HTTP\/1.1 401 /);
    expect(await raw(limited, `${head}\r\n`)).toMatch(/^HTTP\/1.1 429 /);
  });

  it('is removed from its participant, everywhere, and put back', async () => {
    const [stays, other] = ['/paredoes/1/participantes/1', '/paredoes/1/participantes/2'];
    const { cedula } = (await client.get('/paredao')).json;
    const answer = await client.admin('PATCH', stays, { foto: null });
    expect(answer.json.participantes[0]).toEqual({ numero: 1, nome: expect.any(String) });
    expect(answer.json.cedula).not.toBe(cedula);
    for (const route of ['/paredao', '/resultado', '/total']) {
      await eventually(
        () => client.get(route, client.basic('producao')),
        ({ json }) => !JSON.stringify(json).includes('/fotos/'),
      );
    }
    expect((await client.admin('PATCH', other, { foto: null })).status).toBe(200);
    expectProblem(await client.admin('PATCH', stays, { foto: null, foco: { x: 1, y: 1 } }), 404, 'photo-not-found');
    // what a poll shows no more is still there for whoever audits
    expect((await client.get(path)).status).toBe(200);
    expect((await client.admin('PATCH', stays, { foto: path })).json.cedula).toBe(cedula);
  });

  it('is there after a restart, and the counts do not mind it', async () => {
    await client.cast(1);
    await server.stop();
    server = await Server.start({ dataDir: server.dataDir });
    client = server.client();
    expect((await client.get(path)).headers['content-type']).toBe('image/webp');
    expect(await client.total()).toMatchObject({ total: 1, completo: true, quarentena: 0 });
  });
});

describe('a photo of an earlier version', () => {
  it('is served as it was stored, and narrower', async () => {
    const { dataDir } = server;
    const stored = await sharp(png({ width: 64, height: 77 }))
      .resize(1200, 1440)
      .jpeg()
      .toBuffer();
    await server.stop();
    const log = SqliteEventLog.open(dataDir);
    const event = { type: PHOTO_STORED, version: 1, data: stored, id: randomUUID() };
    await log.append(photoStream(hashOf(stored)), [event], 'no-stream');
    await log.close();
    server = await Server.start({ dataDir });
    client = server.client();

    const path = `/fotos/${hashOf(stored)}`;
    expect(await bytesOf(path)).toEqual(stored);
    expect((await client.get(path)).headers['content-type']).toBe('image/jpeg');
    expect(await sharp(await bytesOf(`${path}?w=640`)).metadata()).toMatchObject({ format: 'webp', width: 640 });
  });
});

describe('a machine without the image library', () => {
  const missing = `export async function resolve(name, context, next) {
    if (name === 'sharp') throw new Error('Cannot find package sharp');
    return next(name, context);
  }`;
  const register = `import { register } from 'node:module'; register(${JSON.stringify(`data:text/javascript,${encodeURIComponent(missing)}`)});`;
  const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(register)}`;

  it('serves photos as they were stored, and says that it takes none', async () => {
    const path = photoOf(await upload(await portrait()));
    const stored = await bytesOf(path);
    await server.stop();
    const without = await Server.start({ dataDir: server.dataDir, env: { NODE_OPTIONS } });

    const refused = await upload(png(), 'image/png', PATH, without.client());
    expectProblem(refused, 503, 'photos-unavailable');
    expect(refused.json.detail).toContain('sharp');
    expect(await bytesOf(path, without)).toEqual(stored);
    expect(await bytesOf(`${path}?w=320`, without)).toEqual(stored);
    expect((await without.client().get(`${path}?w=320`)).headers['cache-control']).toBe('public, max-age=60');
    expect(await without.client().total()).toMatchObject({ completo: true });
  });
});
