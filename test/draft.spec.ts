import { beforeAll, describe, expect, it } from '@jest/globals';

import { png } from '../apps/command-api/testing/png.ts';
import type { Answer, Client, Json } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { expectProblem } from './support/problem.ts';
import { Server } from './support/server.ts';

const FOCUS = { x: 30, y: 20 };
const OPENS = '2100-01-01T00:00:00.000Z';
const CLOSES = '2100-01-01T02:00:00.000Z';
const UNKNOWN = `/fotos/${'0'.repeat(64)}`;

let client: Client;
let photo: string;

const store = async (body: Buffer | string, type = 'image/png'): Promise<Answer> =>
  client.call('POST', '/fotos', { headers: { ...(await client.bearer('admin')), 'content-type': type }, body });
const save = (id: string, body: object): Promise<Answer> => client.admin('PATCH', `/paredoes/${id}`, body);
const draft = async (more: object = {}): Promise<Json> => {
  const participantes = [{ nome: 'Ana' }, { nome: 'Bento' }, { nome: 'Caio' }];
  const { status, json } = await client.admin('POST', '/paredoes', {
    ...{ titulo: 'Quem sai?', finalidade: 'eliminar', participantes, rascunho: true },
    ...more,
  });
  expect(status).toBe(201);
  return json;
};
const actions = async (id: string): Promise<string[]> => {
  const { json } = await client.get(`/auditoria/acoes?paredao=${id}`, client.basic('auditor'));
  return (json as Json[]).map(({ o_que }) => o_que as string);
};
const listed = async (id: string): Promise<Json> =>
  ((await client.get('/paredoes', client.basic('producao'))).json.paredoes as Json[]).find((poll) => poll.id === id);

beforeAll(async () => {
  client = (await Server.start()).client();
  const answer = await store(png());
  expect(answer.status).toBe(201);
  photo = answer.json.foto as string;
});

describe('a photo that no poll shows yet', () => {
  it('is stored under the hash of its bytes, and served', async () => {
    expect(photo).toMatch(/^\/fotos\/[0-9a-f]{64}$/);
    expect((await client.get(photo)).headers['content-type']).toBe('image/webp');
    expect((await store(png())).json.foto).toBe(photo);
  });

  it('is refused where it is none, too large, or from somebody else', async () => {
    expectProblem(await store('<svg/>'), 400, 'invalid-photo');
    expectProblem(await store(Buffer.alloc(1_000_001)), 413, 'payload-too-large');
    expectProblem(await store('{}', 'application/json'), 400, 'invalid-photo');
    const headers = { ...(await client.bearer('producao')), 'content-type': 'image/png' };
    expectProblem(await client.call('POST', '/fotos', { headers, body: png() }), 403, 'forbidden');
  });
});

describe('a draft', () => {
  it('is made with everything in one go', async () => {
    const participantes = [
      { nome: 'Ana', foto: photo, foco: FOCUS },
      { nome: 'Bento', foto: photo },
    ];
    const made = await draft({ participantes, regulamento: 'Vote.', abre_em: OPENS, encerra_em: CLOSES });
    expect(made).toMatchObject({
      ...{ estado: 'agendado', abre_em: OPENS, encerra_em: CLOSES, tem_regulamento: true },
      participantes: [
        { numero: 1, nome: 'Ana', foto: photo, foco: FOCUS },
        { numero: 2, nome: 'Bento', foto: photo },
      ],
    });
    const seen = await eventually(
      () => listed(made.id as string),
      (poll) => poll !== undefined,
    );
    expect(seen).toMatchObject({ versao: made.versao, participantes: made.participantes });
    expect(await actions(made.id as string)).toHaveLength(2);
    await client.admin('POST', `/paredoes/${String(made.id)}/descartar`);
  });

  it('is not made at all with a photo that nobody stored, or a time that is over', async () => {
    const participantes = [{ nome: 'Ana', foto: UNKNOWN }, { nome: 'Bento' }];
    const making = { titulo: 'Quem sai?', participantes, rascunho: true };
    expectProblem(await client.admin('POST', '/paredoes', making), 404, 'photo-not-found');
    const late = { ...making, participantes: [{ nome: 'Ana' }, { nome: 'Bento' }], encerra_em: '2001-01-01T00:00:00Z' };
    expectProblem(await client.admin('POST', '/paredoes', late), 400, 'invalid-schedule');
  });

  it('is saved whole, as one decision', async () => {
    const { id } = (await draft()) as { id: string };
    const people = [
      { numero: 1, nome: 'Ana Aurora', foto: photo, foco: FOCUS },
      { numero: 3, nome: 'Caio' },
      { nome: 'Eva' },
    ];
    const { status, json } = await save(id, {
      titulo: 'Quem fica?',
      finalidade: 'ficar',
      participantes: people,
      encerra_em: CLOSES,
    });
    expect(status).toBe(200);
    expect(json).toMatchObject({
      ...{ titulo: 'Quem fica?', finalidade: 'ficar', abre_em: null, encerra_em: CLOSES },
      participantes: [
        { numero: 1, nome: 'Ana Aurora', foto: photo, foco: FOCUS },
        { numero: 2, nome: 'Caio' },
        { numero: 3, nome: 'Eva' },
      ],
    });
    expect((await actions(id)).slice(1)).toEqual([
      'Mudou o título para “Quem fica?”',
      'Definiu que se vota para ficar',
      'Retirou o participante 2',
      'Mudou o nome do participante 1 para Ana Aurora',
      'Definiu a foto do participante 1, com o foco a 30 % da esquerda e 20 % do alto',
      'Incluiu Eva como participante 3',
      expect.stringContaining('Marcou os horários'),
    ]);
  });

  it('is left alone when any of it is refused', async () => {
    const { id, versao } = (await draft()) as { id: string; versao: string };
    const rest = { titulo: 'Outro', regulamento: 'Outro.' };
    const refused: [object, number, string][] = [
      [{ participantes: [{ numero: 1, nome: 'Ana' }, { nome: 'ana' }] }, 400, 'invalid-participants'],
      [{ participantes: [{ numero: 9, nome: 'Ana' }, { nome: 'Eva' }] }, 404, 'participant-not-found'],
      [{ participantes: [{ numero: 1, nome: 'Ana', foto: UNKNOWN }, { nome: 'Eva' }] }, 404, 'photo-not-found'],
      [{ participantes: [{ numero: 1, nome: 'Ana', foco: FOCUS }, { nome: 'Eva' }] }, 404, 'photo-not-found'],
      [
        { participantes: [{ numero: 1, nome: 'Ana', foco: { x: 101, y: 0 } }, { nome: 'Eva' }] },
        400,
        'malformed-request',
      ],
      [
        { participantes: [{ numero: 1, nome: 'Ana', foto: 'https://x/y.png' }, { nome: 'Eva' }] },
        400,
        'malformed-request',
      ],
      [{ encerra_em: '2001-01-01T00:00:00Z' }, 400, 'invalid-schedule'],
      [{ versao: '0'.repeat(16) }, 409, 'poll-changed'],
    ];
    for (const [wrong, status, code] of refused) expectProblem(await save(id, { ...rest, ...wrong }), status, code);
    expect(await actions(id)).toHaveLength(1);
    expect((await save(id, { versao, titulo: 'Quem sai?' })).json.versao).toBe(versao);
  });

  it('is saved only over what was shown, when that is said', async () => {
    const { id, versao } = (await draft()) as { id: string; versao: string };
    expect((await save(id, { versao, titulo: 'De Ana' })).status).toBe(200);
    expectProblem(await save(id, { versao, titulo: 'De Bia' }), 409, 'poll-changed');
    const both = await Promise.all(['Um', 'Dois'].map((titulo) => save(id, { titulo, finalidade: 'vencer' })));
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
  });
});

describe('an opening', () => {
  const open = (id: string, body?: object): Promise<Answer> => client.admin('POST', `/paredoes/${id}/abrir`, body);

  it('puts on air what was shown, or nothing: one title, time or focus may be another by then', async () => {
    await client.admin('POST', '/paredoes/1/encerrar');
    const participantes = [{ nome: 'Ana', foto: photo }, { nome: 'Bento' }];
    const made = (await draft({ participantes })) as { id: string; versao: string };
    const { id } = made;
    let { versao } = made;
    const moved = {
      participantes: [
        { numero: 1, nome: 'Ana', foco: FOCUS },
        { numero: 2, nome: 'Bento' },
      ],
    };
    for (const change of [{ titulo: 'Quem volta?' }, { encerra_em: CLOSES }, moved]) {
      const changed = await save(id, change);
      expectProblem(await open(id, { versao }), 409, 'poll-changed');
      versao = changed.json.versao as string;
    }
    const opened = await eventually(
      () => open(id, { versao }),
      ({ json }) => json.code !== 'poll-already-open',
    );
    expect([opened.status, opened.json.titulo]).toEqual([200, 'Quem volta?']);
    expectProblem(await open(id, { versao: opened.json.versao as string }), 409, 'poll-already-open');
    expectProblem(await open(id, { versao: 'x' }), 400, 'malformed-request');
    expectProblem(await open(id, { cedula: 'x' }), 400, 'malformed-request');
  });

  it('needs no version, as before', async () => {
    const { id } = (await draft()) as { id: string };
    expectProblem(await open(id), 409, 'poll-already-open');
    expectProblem(await open(id, {}), 409, 'poll-already-open');
  });
});

describe('a photo on air', () => {
  it('is cut in another way without another ballot', async () => {
    const before = await eventually(
      async (): Promise<Json> => (await client.get('/paredao')).json,
      ({ titulo, estado }) => titulo === 'Quem volta?' && estado === 'aberto',
    );
    const path = `/paredoes/${String(before.id)}/participantes/1`;
    const answer = await client.admin('PATCH', path, { foco: { x: 50, y: 50 } });
    expect([answer.status, answer.json.participantes[0].foco]).toEqual([200, { x: 50, y: 50 }]);
    expect(answer.json.cedula).toBe(before.cedula);
    expect(answer.json.versao).not.toBe(before.versao);
    for (const route of ['/paredao', '/resultado'])
      await eventually(
        async () => (await client.get(route)).json.participantes[0].foco as unknown,
        (focus) => JSON.stringify(focus) === '{"x":50,"y":50}',
      );
    expectProblem(await client.admin('PATCH', path, { nome: 'Anna', foco: FOCUS }), 400, 'invalid-reason');
    expectProblem(await client.admin('PATCH', path, {}), 400, 'malformed-request');
  });
});
