import { beforeAll, describe, expect, it } from '@jest/globals';

import type { Client, Json } from './support/client.ts';
import { command } from './support/command.ts';
import { eventually } from './support/eventually.ts';
import { expectExact } from './support/exactness.ts';
import { expectProblem } from './support/problem.ts';
import { Server } from './support/server.ts';

const COUNT = 10;

describe('a poll of ten', () => {
  const acknowledged = new Map<string, number>();
  let server: Server;
  let client: Client;
  beforeAll(async () => {
    server = await Server.start({ env: { DEMO_PARTICIPANTS: String(COUNT) } });
    client = server.client();
    for (const participant of [10, 10, 3, 1, 7, 10]) {
      const { voto } = (await client.cast(participant)).json as { voto: { id: string } };
      acknowledged.set(voto.id, participant);
    }
  });

  it('is shown with everybody who takes part', async () => {
    const { json } = await client.get('/paredao');
    const people = json.participantes as { numero: number }[];
    expect(people.map(({ numero }) => numero)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('counts for each of them, in all that is counted', async () => {
    const { recount } = await expectExact(server.dataDir, client, acknowledged);
    expect(recount.votes).toEqual([1, 0, 1, 0, 0, 0, 1, 0, 0, 3]);
    const total = await client.total();
    expect(total).toMatchObject({ total: 6, voto_1: 1, voto_2: 0, voto_3: 1, voto_7: 1, voto_9: 0, voto_10: 3 });
    expect(total.por_participante).toHaveLength(COUNT);
    for (const [row = {}] of [total.por_hora, total.por_minuto] as object[][]) {
      expect(Object.keys(row).filter((key) => key.startsWith('voto_'))).toHaveLength(COUNT);
    }
    expect(total).not.toHaveProperty('voto_11');
  });

  it('shows the public a share of each, which add up', async () => {
    const { json } = await client.get('/resultado');
    const people = json.participantes as { percentual: number }[];
    expect(people.reduce((sum, { percentual }) => sum + Math.round(percentual * 100), 0)).toBe(10_000);
    expect(json.lider).toBe(10);
    const { events } = await client.stream('/resultado/aovivo', 1);
    expect(events[0]?.data.participantes).toHaveLength(COUNT);
  });

  it('takes no vote for a number that it does not have', async () => {
    for (const number of ['0', '11', '12', '01', '1e1', 'dez']) {
      expectProblem(await client.vote(number, await client.solved()), 404, 'participant-not-found');
    }
  });

  it('is audited by both recounts, with the published total', async () => {
    const url = `http://127.0.0.1:${String(server.port)}`;
    const environment = { DATA_DIR: server.dataDir, PAREDAO_PASSWORD: client.passwordOf('auditor') };
    const { code, output } = await command('audit', ['--total', url], environment);
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining('10 Jade Lua') });
  });
});

describe('the participants of a draft', () => {
  let client: Client;
  beforeAll(async () => {
    client = (await Server.start()).client();
    const poll = { titulo: 'Final', participantes: ['Ana', 'Bento', 'Caio'].map((nome) => ({ nome })), rascunho: true };
    expect((await client.admin('POST', '/paredoes', poll)).status).toBe(201);
  });

  const namesOf = ({ json }: { json: Json }): string[] =>
    (json.participantes as { numero: number; nome: string }[]).map(({ numero, nome }) => `${String(numero)} ${nome}`);

  it('become more and fewer, and those behind move up', async () => {
    const added = await client.admin('POST', '/paredoes/2/participantes', { nome: 'Dora' });
    expect([added.status, namesOf(added)]).toEqual([200, ['1 Ana', '2 Bento', '3 Caio', '4 Dora']]);
    const removed = await client.admin('DELETE', '/paredoes/2/participantes/2');
    expect([removed.status, namesOf(removed)]).toEqual([200, ['1 Ana', '2 Caio', '3 Dora']]);
  });

  it('stay between two and ten, with different names', async () => {
    expectProblem(
      await client.admin('POST', '/paredoes/2/participantes', { nome: 'ANA' }),
      400,
      'invalid-participants',
    );
    expectProblem(await client.admin('DELETE', '/paredoes/2/participantes/9'), 404, 'participant-not-found');
    expect((await client.admin('DELETE', '/paredoes/2/participantes/3')).status).toBe(200);
    expectProblem(await client.admin('DELETE', '/paredoes/2/participantes/1'), 400, 'invalid-participants');
  });

  it('are told to auditors', async () => {
    const { json } = await eventually(
      () => client.get('/auditoria/acoes?paredao=2', client.basic('auditor')),
      ({ status }) => status === 200,
    );
    const told = JSON.stringify(json);
    expect(told).toContain('Incluiu Dora como participante 4');
    expect(told).toContain('Retirou o participante 2');
  });

  it('cannot be changed once the poll is open', async () => {
    expectProblem(await client.admin('DELETE', '/paredoes/1/participantes/1'), 409, 'poll-not-draft');
    expectProblem(await client.admin('POST', '/paredoes/1/participantes', { nome: 'Eva' }), 409, 'poll-not-draft');
  });
});
