import { beforeAll, describe, expect, it } from '@jest/globals';

import { type Answer, type Client, type Json } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { expectProblem } from './support/problem.ts';
import { Server } from './support/server.ts';

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const NUMBER = expect.any(Number);

let server: Server;
let client: Client;

beforeAll(async () => {
  server = await Server.start();
  client = server.client();
});

function expectUnstored({ headers }: Answer): void {
  expect(headers['cache-control']).toBe('no-store');
}

describe('a challenge', () => {
  it('is fresh, signed, bound to the poll, and not to be stored', async () => {
    const [first, second] = [await client.get('/desafio'), await client.get('/desafio')];
    const hex = (digits: number): unknown => expect.stringMatching(new RegExp(`^[0-9a-f]{${String(digits)}}$`));
    expect(first.status).toBe(200);
    expectUnstored(first);
    expect(first.json).toEqual({
      parameters: {
        algorithm: 'SHA-256',
        cost: 1,
        data: { dificuldade: 50, paredao: '1' },
        expiresAt: NUMBER,
        keyLength: 32,
        keyPrefix: hex(32),
        nonce: hex(32),
        salt: hex(32),
      },
      signature: hex(64),
      valido_por_segundos: 300,
      cedula: expect.stringMatching(/^1-[0-9a-f]{8}$/),
    });
    expect(first.json.parameters.expiresAt - Date.now() / 1000).toBeGreaterThan(290);
    expect(second.json.parameters.nonce).not.toBe(first.json.parameters.nonce);
  });
});

describe('a vote', () => {
  it('is answered 201 with its receipt, then 200 with the very same, then 409 for another participant', async () => {
    const challenge = await client.solved();
    const first = await client.vote(1, challenge);
    expect(first.status).toBe(201);
    expect(first.json).toEqual({
      voto: {
        id: expect.stringMatching(/^[0-9a-f]{32}$/),
        paredao: '1',
        participante: 1,
        registrado_em: expect.stringMatching(ISO),
        posicao: expect.stringMatching(/^[\w-]{22}$/),
      },
      passe: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d\.[\w-]{22}$/),
      recibo: expect.stringMatching(/^[\w-]{1000,1200}$/),
    });
    const again = await client.vote(1, challenge);
    expect([again.status, again.json]).toEqual([200, first.json]);
    expectProblem(await client.vote(2, challenge), 409, 'human-check-used');
  });

  it('has an opaque position: neighbours look nothing alike', async () => {
    const positions: string[] = [];
    for (let vote = 0; vote < 8; vote++) positions.push((await client.cast(1)).json.voto.posicao as string);
    expect(new Set(positions).size).toBe(8);
    expect(new Set(positions.map((position) => position.slice(0, 6))).size).toBe(8);
    for (const position of positions)
      expect(Buffer.from(position, 'base64url').readBigUInt64BE(8)).toBeGreaterThan(1_000_000n);
  });

  it.each(['0', '3', '9', '01', '1.0', '-1', 'um', '1e0', '%31%20'])(
    'for participant %s is 404',
    async (participant) => {
      expectProblem(await client.vote(participant, await client.solved()), 404, 'participant-not-found');
    },
  );
});

describe('the public', () => {
  it('reads the current poll', async () => {
    const answer = await client.get('/paredao');
    expect(answer.status).toBe(200);
    expectUnstored(answer);
    expect(answer.json).toEqual({
      id: '1',
      titulo: expect.stringMatching(/\S/),
      estado: 'aberto',
      finalidade: 'ficar',
      substitui: null,
      divulgacao: 'sempre',
      parcial_para: 'todos',
      tem_regulamento: true,
      abre_em: null,
      encerra_em: null,
      aberto_em: expect.stringMatching(ISO),
      encerrado_em: null,
      pausado_em: null,
      conferido_em: null,
      proclamado_em: null,
      sem_conferencia: null,
      anulado: null,
      atualizado_em: expect.stringMatching(ISO),
      participantes: [
        { numero: 1, nome: expect.stringMatching(/\S/) },
        { numero: 2, nome: expect.stringMatching(/\S/) },
      ],
      cedula: (await client.challenge()).cedula,
      versao: expect.stringMatching(/^[0-9a-f]{16}$/),
      correcoes: [],
    });
  });

  it('gets a result that includes its own vote, in shares that add up to 100', async () => {
    const { posicao } = (await client.cast(2)).json.voto as { posicao: string };
    const answer = await client.get(`/resultado?desde=${posicao}`);
    expect(answer.status).toBe(200);
    expectUnstored(answer);
    expect(answer.milliseconds).toBeLessThan(2000);
    expect(answer.json).toMatchObject({
      paredao: '1',
      inclui_seu_voto: true,
      sem_votos: false,
      final: false,
      completo: true,
    });
    const [first, second] = answer.json.participantes as [Json, Json];
    expect(Number(first.percentual) + Number(second.percentual)).toBeCloseTo(100, 10);
    expect(second.percentual).toBeGreaterThan(0);
  });

  it('waits two seconds at most for a position that is not there yet', async () => {
    // a cursor of this deployment, far ahead: the ballot box of another, larger log would give such a one
    const { CursorCodec } = await import('../libs/contract/views/cursor.ts');
    const { loadSecrets } = await import('../libs/platform/secrets.ts');
    const ahead = new CursorCodec(loadSecrets(server.dataDir).cursor).encode(1_000_000_000n);
    const answer = await client.get(`/resultado?desde=${ahead}`);
    expect(answer.json.inclui_seu_voto).toBe(false);
    expect(answer.milliseconds).toBeGreaterThan(1900);
    expect(answer.milliseconds).toBeLessThan(3000);
  });

  it('sees no count, position, revision or digest anywhere', async () => {
    for (let vote = 0; vote < 7; vote++) await client.cast(1);
    const { total } = await eventually(
      () => client.total(),
      (answer: Json) => answer.total >= 16,
    );
    const names = new Set<string>();
    const numbers = new Set<number>();
    const collect = (value: unknown, name = ''): void => {
      if (typeof value === 'number') numbers.add(value);
      else if (typeof value === 'object' && value !== null) {
        for (const [key, inner] of Object.entries(value)) collect(inner, key);
      }
      if (name !== '' && !/^\d+$/.test(name)) names.add(name);
    };
    for (const path of ['/paredao', '/resultado', '/health/ready', '/health/live'])
      collect((await client.get(path)).json);
    collect((await client.stream('/resultado/aovivo', 1)).events[0]?.data);
    expect(names).toContain('percentual');
    for (const secret of ['total', 'votos', 'voto_1', 'posicao', 'position', 'revisao', 'digest', 'quarentena']) {
      expect(names).not.toContain(secret);
    }
    expect(numbers).not.toContain(total);
  });
});

describe('a live stream', () => {
  it('of the result sends the public view, at once and every second', async () => {
    const started = performance.now();
    const { status, headers, events } = await client.stream('/resultado/aovivo', 3);
    expect([status, headers['content-type'], headers['cache-control']]).toEqual([
      200,
      'text/event-stream; charset=utf-8',
      'no-store',
    ]);
    expect(performance.now() - started).toBeLessThan(3500);
    expect(events.map(({ event }) => event)).toEqual(['resultado', 'resultado', 'resultado']);
    const { json } = await client.get('/resultado');
    expect(Object.keys(events[0]?.data as object)).toEqual(Object.keys(json as object));
  });

  it('of the total needs a login and sends what /total says', async () => {
    expectProblem(await client.get('/total/aovivo'), 401, 'unauthenticated');
    const { status, events } = await client.stream('/total/aovivo', 1, client.basic('producao'));
    expect(status).toBe(200);
    expect(events[0]?.event).toBe('total');
    expect(Object.keys(events[0]?.data as object)).toEqual(Object.keys((await client.total()) as object));
  });

  it('of a poll that does not exist is 404', async () => {
    expectProblem(await client.get('/resultado/aovivo?paredao=77'), 404, 'poll-not-found');
    expectProblem(
      await client.call('GET', '/total/aovivo?paredao=77', { headers: client.basic('admin') }),
      404,
      'poll-not-found',
    );
  });

  it('gives its place back when the client hangs up', async () => {
    await eventually(
      () => server.metric('sse_clients'),
      (clients) => clients === 0,
    );
    await client.stream('/resultado/aovivo', 1);
    await eventually(
      () => server.metric('sse_clients'),
      (clients) => clients === 0,
    );
  });
});

describe('operations', () => {
  it('sees that the process lives and is ready, and why', async () => {
    expect((await client.get('/health/live')).json).toMatchObject({ status: 'ok' });
    const ready = await client.get('/health/ready');
    expect(ready.status).toBe(200);
    expectUnstored(ready);
    expect(Object.keys(ready.json.details as object).sort()).toEqual([
      'audit',
      'ballot-box',
      'ballot-box-open',
      'event-log',
      'evidence-key',
      'polls',
      'projector',
      'read-model',
    ]);
  });

  it('reads metrics on their own port, and the public does not', async () => {
    expectProblem(await client.get('/metrics'), 404, 'not-found');
    expect(await server.metric('projection_lag_seconds')).toBe(0);
    expect(await server.metric('process_resident_memory_bytes')).toBeGreaterThan(0);
    // the one request in flight is the one that asks
    await eventually(
      () => server.metric('http_requests_in_flight'),
      (inFlight) => inFlight === 1,
    );
  });

  it('finds the API described, for people and for programs', async () => {
    const page = await client.get('/swagger');
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html']);
    const script = await client.get('/swagger/swagger-ui-init.js');
    expect(script.text).toContain('/votar/{participante}');
    const document = await client.get('/swagger-json');
    expect(document.json.openapi).toMatch(/^3\./);
  });
});

describe('the pages', () => {
  it.each(['/', '/resultado.html', '/painel.html', '/palco.html'])('%s is served with its protection', async (path) => {
    const { status, headers } = await client.get(path);
    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(headers['content-security-policy']).toContain("default-src 'self'");
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['cache-control']).toBe('no-cache');
  });
});
