import { beforeAll, describe, expect, it } from '@jest/globals';

import type { Client, Json } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { expectExact } from './support/exactness.ts';
import { expectProblem } from './support/problem.ts';
import { Server, temporaryDirectory } from './support/server.ts';

const POLL = {
  titulo: 'Quem fica?',
  divulgacao: 'sempre',
  participantes: [{ nome: 'Ana Aurora' }, { nome: 'Bento Brisa' }],
};
/** A projector that is silent this long is taken for dead. */
const SILENCE_MS = 3000;

const dataDir = temporaryDirectory();
const acknowledged = new Map<string, number>();

let commandApi: Server;
let projector: Server;
let queryApi: Server;
let commands: Client;
let queries: Client;

beforeAll(async () => {
  commandApi = await Server.start({ program: 'command-api', dataDir });
  [projector, queryApi] = await Promise.all([
    Server.start({ program: 'projector', dataDir }),
    Server.start({ program: 'query-api', dataDir }),
  ]);
  commands = commandApi.client();
  queries = queryApi.client();
}, 60_000);

async function castMany(votes: number): Promise<string> {
  let position = '';
  for (let vote = 0; vote < votes; vote++) {
    const participant = 1 + (vote % 2);
    const { id, posicao } = (await commands.cast(participant)).json.voto as { id: string; posicao: string };
    acknowledged.set(id, participant);
    position = posicao;
  }
  return position;
}

const errorsOf = (server: Server): unknown[] =>
  server.log().filter(({ level }) => level === 'error' || level === 'fatal');

describe('three services on one data directory', () => {
  it('each answer OK at their root, are ready, and describe their own routes', async () => {
    const own = new Map([
      [commandApi, ['/desafio', '/votar/{participante}', '/paredoes/{id}/encerrar', '/fotos/{hash}']],
      [projector, []],
      [queryApi, ['/paredao', '/resultado', '/resultado/aovivo', '/total', '/total/aovivo']],
    ]);
    for (const [server, routes] of own) {
      const client = server.client();
      const root = await client.get('/');
      expect([root.status, root.text, root.headers['content-type']]).toEqual([200, 'OK', 'text/plain; charset=utf-8']);
      expect((await client.get('/health/live')).json.status).toBe('ok');
      expect(await server.metric('process_cpu_seconds_total')).toBeGreaterThan(0);
      const paths = Object.keys((await client.get('/swagger-json')).json.paths as object);
      expect(paths).toEqual(expect.arrayContaining(['/', '/health/ready', ...routes]));
      const foreign = [...own.values()].flat().filter((route) => !routes.includes(route));
      expect(paths.filter((path) => foreign.includes(path))).toEqual([]);
    }
    expect(Object.keys((await commands.get('/health/ready')).json.details as object).sort()).toEqual([
      'ballot-box',
      'ballot-box-open',
      'event-log',
      'evidence-key',
      'polls',
    ]);
    expect(Object.keys((await projector.client().get('/health/ready')).json.details as object)).toEqual(['projector']);
    expect(Object.keys((await queries.get('/health/ready')).json.details as object)).toEqual(['read-model']);
  });

  it('say before the first poll that there is none', async () => {
    expectProblem(await commands.get('/desafio'), 409, 'poll-not-open');
    expectProblem(await queries.get('/paredao'), 404, 'poll-not-found');
    expectProblem(await queries.get('/resultado'), 404, 'poll-not-found');
    expectProblem(await queries.get('/total', queries.basic('producao')), 404, 'poll-not-found');
  });

  it('make a poll that is opened at the one appear at the other', async () => {
    expect((await commands.admin('POST', '/paredoes', POLL)).status).toBe(201);
    const shown = await eventually(
      () => queries.get('/paredao'),
      ({ status }) => status === 200,
    );
    expect(shown.json).toMatchObject({ id: '1', titulo: POLL.titulo, estado: 'aberto' });
  });

  it('make a vote through the one show up at the other, for the voter who waits for it', async () => {
    const position = await castMany(6);
    const result = await queries.get(`/resultado?desde=${position}`);
    expect(result.json).toMatchObject({
      inclui_seu_voto: true,
      participantes: [{ percentual: 50 }, { percentual: 50 }],
    });
    expect(await queries.total()).toMatchObject({ total: 6, voto_1: 3, voto_2: 3 });
    await expectExact(dataDir, queries, acknowledged);
  });

  it('take one login', async () => {
    const json = { usuario: 'auditor', senha: queries.passwordOf('auditor') };
    const { token } = (await commands.call('POST', '/login', { json })).json as { token: string };
    expect((await queries.get('/total', { authorization: `Bearer ${token}` })).status).toBe(200);
  });

  it('go on without a projector: votes are taken, and readers are told that the counts are old', async () => {
    await projector.kill();
    await castMany(4);
    const total = await eventually(
      () => queries.total(),
      ({ atraso_projecao_segundos: lag }: Json) => lag > 0,
      2 * SILENCE_MS,
    );
    expect(total.total).toBe(6);
    expect(total.idade_segundos).toBeGreaterThan(SILENCE_MS / 1000);
    expect((await queries.get('/resultado')).status).toBe(200);
  });

  it('catch up when it is back, and are exact', async () => {
    projector = await Server.start({ program: 'projector', dataDir });
    const { recount } = await expectExact(dataDir, queries, acknowledged);
    expect(recount.votes).toEqual([5, 5]);
    await eventually(
      () => queries.total(),
      ({ atraso_projecao_segundos: lag }: Json) => lag === 0,
    );
  });

  it('stay exact with two projectors at once', async () => {
    const second = await Server.start({ program: 'projector', dataDir });
    await castMany(20);
    await expectExact(dataDir, queries, acknowledged);
    for (const server of [projector, second]) expect(errorsOf(server)).toEqual([]);
    expect(await second.stop()).toEqual({ code: 0, signal: null });
  });

  it('serve results while the command API is down, and take votes when it is back', async () => {
    await commandApi.kill();
    expect(await queries.total()).toMatchObject({ total: 30 });
    commandApi = await Server.start({ program: 'command-api', dataDir });
    commands = commandApi.client();
    await castMany(4);
    await expectExact(dataDir, queries, acknowledged);
  });

  it('have one writer: a second command API is refused at once', async () => {
    const second = await Server.launch({ program: 'command-api', dataDir });
    expect(await second.exited).toEqual({ code: 1, signal: null });
    expect(second.output).toMatch(/command-api cannot start: the data directory .* is in use by another process/);
    await castMany(1);
  });

  it('each stop when they are told to', async () => {
    for (const server of [queryApi, projector, commandApi]) {
      expect(await server.stop()).toEqual({ code: 0, signal: null });
      expect(errorsOf(server)).toEqual([]);
    }
  });
});

describe('a service without a port for metrics', () => {
  it('has them on its own', async () => {
    const server = await Server.start({ program: 'query-api', env: { METRICS_PORT: '' } });
    const { status, text } = await server.client().get('/metrics');
    expect([status, text]).toEqual([200, expect.stringContaining('http_request_duration_seconds_bucket')]);
  });
});
