import { beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';

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

const upload = async (body: Buffer | string, type = 'image/png', path = PATH): Promise<Answer> =>
  client.call('PUT', path, { headers: { ...(await client.bearer('admin')), 'content-type': type }, body });
const photoOf = (answer: Answer): string => answer.json.participantes[0].foto as string;

describe('a photo', () => {
  let path: string;

  it('is stored without what it tells, under the hash of its bytes', async () => {
    const answer = await upload(png({}, pngChunk('tEXt', Buffer.from(SECRET))));
    expect(answer.status).toBe(200);
    path = photoOf(answer);
    expect(path).toBe(`/fotos/${createHash('sha256').update(png()).digest('hex')}`);
    const shown = await client.get(path);
    expect(shown.text).toBe(png().toString());
    expect(shown.headers).toMatchObject({
      'content-type': 'image/png',
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

  it('is refused where it is too much, of no kind that is taken, or for nobody', async () => {
    expectProblem(await upload(Buffer.alloc(1_000_001)), 413, 'payload-too-large');
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

  it('is there after a restart, and the counts do not mind it', async () => {
    await client.cast(1);
    await server.stop();
    server = await Server.start({ dataDir: server.dataDir });
    client = server.client();
    expect((await client.get(path)).headers['content-type']).toBe('image/png');
    expect(await client.total()).toMatchObject({ total: 1, completo: true, quarentena: 0 });
  });
});
