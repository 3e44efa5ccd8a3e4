import { afterAll, beforeAll, expect, it } from '@jest/globals';

import { solvedPayload } from '../../bench/lib/solver.ts';
import type { Challenge } from '../../libs/contract/index.ts';
import type { Client } from '../support/client.ts';
import { itOnDouble } from '../eventstoredb-double/server-under-test.ts';
import { eventually } from '../support/eventually.ts';
import { expectProblem } from '../support/problem.ts';
import { RECOVERY_LIMIT_MS, Stack, describeOnStack } from './stack.ts';

const TEST_LIMIT_MS = 60_000;
/** What the cut waits for (16 s), and then some. */
const SEALING_LIMIT_MS = 25_000;

describeOnStack('two command APIs, two projectors and a query API behind nginx, on EventStoreDB and MongoDB', () => {
  const acknowledged = new Map<string, number>();
  let stack: Stack;
  let client: Client;
  let commands: Client[] = [];
  let pollId: string;

  beforeAll(async () => {
    stack = await Stack.start();
    client = stack.client;
    commands = [0, 1].map((index) => stack.clientOf('commandApis', index));
    pollId = await stack.openPoll();
  }, 2 * TEST_LIMIT_MS);

  afterAll(async () => {
    for (const command of commands) command.close();
  });

  /** A vote that must be taken; resolves with its cursor. */
  async function cast(by: Client, participant: number): Promise<string> {
    const { id, posicao } = (await by.cast(participant)).json.voto as { id: string; posicao: string };
    acknowledged.set(id, participant);
    return posicao;
  }

  const exact = () => stack.expectExact(acknowledged, pollId);

  it(
    'show a vote to its voter and to production',
    async () => {
      const position = await cast(client, 1);
      const result = await client.get(`/resultado?desde=${position}`);
      expect(result.json).toMatchObject({ inclui_seu_voto: true, participantes: [{ percentual: 100 }, {}] });
      expect(await client.total()).toMatchObject({ total: 1, voto_1: 1, voto_2: 0, completo: true, final: false });
      await exact();
    },
    TEST_LIMIT_MS,
  );

  it(
    'take votes at both command APIs, and the cursor of each is good everywhere',
    async () => {
      await Promise.all(Array.from({ length: 40 }, (_, vote) => cast(client, 1 + (vote % 2))));
      const taken = stack.votesInAccessLog().filter(({ status }) => status === 201);
      expect(new Set(taken.map(({ upstream_addr }) => upstream_addr)).size).toBe(2);
      for (const command of commands) {
        const { json } = await client.get(`/resultado?desde=${await cast(command, 2)}`);
        expect(json).toMatchObject({ inclui_seu_voto: true });
      }
      await exact();
    },
    TEST_LIMIT_MS,
  );

  it('take a challenge of the other command API, and each knows soon what the other took', async () => {
    const [one, other] = commands as [Client, Client];
    const solved = await one.solved();
    const answer = await other.vote(1, solved);
    expect(answer.status).toBe(201);
    const { id } = answer.json.voto as { id: string };
    acknowledged.set(id, 1);
    const again = await eventually(
      () => one.vote(1, solved),
      ({ status }) => status === 200,
      RECOVERY_LIMIT_MS,
    );
    expect(again.json.voto).toMatchObject({ id, participante: 1 });
    for (const command of commands) expectProblem(await command.vote(2, solved), 409, 'human-check-used');
    await exact();
  });

  it(
    'count the same solved challenge once, whoever it is sent to',
    async () => {
      const before = await client.total();
      const solved = await client.solved();
      const answers = await Promise.all(commands.map((command) => command.vote(1, solved)));
      // unless one of them has heard of the other's by then
      const taken = answers.filter(({ status }) => status === 201).length;
      for (const { status } of answers) expect([200, 201]).toContain(status);
      const ids = answers.map(({ json }) => json.voto.id as string);
      expect(ids[0]).toBe(ids[1]);
      acknowledged.set(ids[0]!, 1);
      const { recount } = await exact();
      const duplicates = Number(before.duplicados) + taken - 1;
      expect(recount.duplicates).toBe(duplicates);
      expect(await client.total()).toMatchObject({ total: Number(before.total) + 1, duplicados: duplicates });
    },
    TEST_LIMIT_MS,
  );

  it(
    'take one login everywhere',
    async () => {
      const login = await client.call('POST', '/login', {
        json: { usuario: 'admin', senha: client.passwordOf('admin') },
      });
      expect(login.status).toBe(200);
      const headers = { authorization: `Bearer ${String(login.json.token)}` };
      expect((await client.get('/total', headers)).status).toBe(200);
      for (const [index, command] of commands.entries()) {
        const nome = `Bento ${String(index)}`;
        const renamed = await command.call('PATCH', `/paredoes/${pollId}/participantes/2`, {
          headers,
          json: { nome, motivo: 'Erro' },
        });
        expect(renamed.status).toBe(200);
        await eventually(
          () => client.get('/paredao'),
          ({ json }) => json.participantes[1].nome === nome,
          RECOVERY_LIMIT_MS,
        );
      }
      const wrong = await client.call('POST', '/login', { json: { usuario: 'admin', senha: 'errada' } });
      expectProblem(wrong, 401, 'invalid-credentials');
      expectProblem(await client.get('/total'), 401, 'unauthenticated');
    },
    TEST_LIMIT_MS,
  );

  it('stream the result as it happens', async () => {
    const { events } = await client.stream('/resultado/aovivo', 2);
    expect(events).toHaveLength(2);
  });

  it('have logged no error so far', () => {
    for (const service of stack.services) expect(service.log().filter(isTrouble)).toEqual([]);
  });

  itOnDouble(
    'are not ready without the log, as far as they need it',
    'a server that is suspended',
    async () => {
      stack.eventLog.suspend();
      for (const index of [0, 1]) await becomes(503, () => stack.readiness('commandApis', index));
      await becomes(503, () => stack.readiness('projectors'));
      expect(await stack.readiness('queryApis')).toBe(200);
      expect((await client.get('/resultado')).status).toBe(200);
      stack.eventLog.resume();
      await stack.whole();
    },
    TEST_LIMIT_MS,
  );

  it(
    'are not ready without the read model, as far as they need it',
    async () => {
      await stack.mongo.kill();
      await becomes(503, () => stack.readiness('queryApis'));
      for (const index of [0, 1]) await becomes(503, () => stack.readiness('projectors', index));
      for (const index of [0, 1]) expect(await stack.readiness('commandApis', index)).toBe(200);
      await cast(client, 2);
      await stack.mongo.restart();
      await stack.whole();
      await exact();
    },
    TEST_LIMIT_MS,
  );

  it(
    'close a poll together: no vote is taken any more, and there is one final result behind one cut',
    async () => {
      const [one, other] = commands as [Client, Client];
      const solved = await client.solved();
      expect((await one.admin('POST', `/paredoes/${pollId}/encerrar`)).status).toBe(200);
      await eventually(
        () => other.get('/desafio'),
        ({ json }) => json.code === 'poll-not-open',
        RECOVERY_LIMIT_MS,
      );
      for (const by of [one, other, client]) expectProblem(await by.vote(1, solved), 409, 'poll-not-open');
      const total = await eventually(
        () => client.total(),
        ({ final, estado }) => final === true && estado === 'encerrado',
        SEALING_LIMIT_MS,
      );
      expect(total).toMatchObject({ total: acknowledged.size, completo: true, atrasados: 0 });
      const box = await stack.events(`votes-${pollId}`);
      expect(box.some(({ type }) => type === 'BallotBoxClosed')).toBe(true);
      const sealed = (await stack.events(`poll-${pollId}`)).filter(({ type }) => type === 'PollSealed');
      expect(sealed).toHaveLength(1);
      const { recount } = await exact();
      expect(recount).toMatchObject({ final: true, late: 0 });
    },
    TEST_LIMIT_MS,
  );

  it(
    'open the next one at the other command API',
    async () => {
      const next = await stack.openPoll();
      expect(Number(next)).toBe(Number(pollId) + 1);
      await client.cast(2);
      await stack.expectExact(new Map(), next);
      expect(await client.total(pollId)).toMatchObject({ final: true, total: acknowledged.size });
    },
    TEST_LIMIT_MS,
  );

  it(
    'have a rehearsal beside it: opened at one command API, and voted on at either, with a challenge of the other',
    async () => {
      const [one, other] = commands as [Client, Client];
      const onAir = (await client.get('/paredao')).json.id as string;
      const participantes = [{ nome: 'Caio Cometa' }, { nome: 'Dandara Maré' }];
      const made = await other.admin('POST', '/paredoes', { titulo: 'Ensaio', participantes, ensaio: true });
      const { id } = made.json as { id: string };
      const listed = await eventually(
        async () =>
          (await client.get('/paredoes', client.basic('producao'))).json.paredoes[0] as Record<string, string>,
        (newest) => newest['id'] === id,
        RECOVERY_LIMIT_MS,
      );
      const path = `/desafio?paredao=${id}&chave=${String(listed['chave'])}`;
      for (const [by, elsewhere] of [
        [one, other],
        [other, one],
      ] as const) {
        const { json } = await eventually(
          () => by.get(path),
          ({ status }) => status === 200,
          RECOVERY_LIMIT_MS,
        );
        const body = { altcha: solvedPayload(json as Challenge), cedula: json.cedula as string };
        const answer = await eventually(
          () => elsewhere.call('POST', '/votar/1', { json: body }),
          ({ status }) => status === 201,
          RECOVERY_LIMIT_MS,
        );
        expect(answer.json.voto).toMatchObject({ paredao: id, ensaio: true });
      }
      await eventually(
        () => client.total(id),
        (total) => total.total === 2 && total.ensaio === true,
        RECOVERY_LIMIT_MS,
      );
      expect((await client.get('/paredao')).json.id).toBe(onAir);
      expect((await client.get(path.replace('/desafio', '/resultado'))).json).toMatchObject({
        paredao: id,
        ensaio: true,
      });
      expectProblem(await client.get(`/resultado?paredao=${id}`), 404, 'poll-not-found');
    },
    TEST_LIMIT_MS,
  );

  it('each stop when they are told to', async () => {
    const exits = await Promise.all(stack.services.map((service) => service.stop()));
    expect(exits).toEqual(exits.map(() => ({ code: 0, signal: null })));
  }, 30_000);
});

/** A store that did not answer in time is none: the machine is busy, and the service gets over it. */
const isTrouble = ({ level, err }: Record<string, unknown>): boolean =>
  (level === 'error' && !SLOW.has((err as { code?: string } | undefined)?.code ?? '')) || level === 'fatal';

const SLOW = new Set(['log-unavailable', 'read-model-unavailable']);

const becomes = (status: number, ask: () => Promise<number>): Promise<number> =>
  eventually(ask, (answer) => answer === status, RECOVERY_LIMIT_MS);
