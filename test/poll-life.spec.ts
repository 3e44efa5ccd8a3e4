import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes, randomUUID } from 'node:crypto';

import { ballotBoxStream, encodeVoteCast, minuteOf } from '#domain';
import { SqliteEventLog } from '#event-log';

import type { Answer, Client, Json } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { expectExact } from './support/exactness.ts';
import { expectProblem } from './support/problem.ts';
import { proclaimed } from './support/sign-off.ts';
import { Server } from './support/server.ts';

/** Five seconds for processes that do not know yet, ten for votes in flight, and some more for a slow machine. */
const CUT_LIMIT_MS = 24_000;
/** A look every five seconds, and the audit of a few votes in a thread of its own. */
const AUDIT_LIMIT_MS = 20_000;
/** No cut comes before votes in flight had their time. */
const CUT_EARLIEST_MS = 15_000;

const poll = (titulo: string): object => ({
  ...{ titulo, divulgacao: 'sempre' },
  participantes: [{ nome: 'Ana Aurora' }, { nome: 'Bento Brisa' }],
});

const shown = (client: Client, pollId: string): Promise<unknown> =>
  eventually(
    async () => (await client.get('/paredao')).json.id as string,
    (id) => id === pollId,
  );

const final = (client: Client, pollId: string): Promise<Json> =>
  eventually(
    () => client.total(pollId),
    (total: Json) => total.final === true && total.estado === 'encerrado',
    CUT_LIMIT_MS,
  );

const result = async (client: Client, pollId: string): Promise<Json> =>
  (await client.get(`/resultado?paredao=${pollId}`)).json;

/** The same, once the public sees the shares. */
const resultShown = (client: Client, pollId: string): Promise<Json> =>
  eventually(
    () => result(client, pollId),
    ({ parcial_visivel }: Json) => parcial_visivel === true,
  );

/** A vote straight into the ballot box of a service that is down, as one that was on its way too long. */
async function force(dataDir: string, pollId: string): Promise<void> {
  const log = SqliteEventLog.open(dataDir);
  const voteId = randomBytes(16).toString('hex');
  const now = Date.now();
  const vote = {
    voteId,
    participantId: 1,
    castAt: minuteOf(now),
    expiresAt: minuteOf(now) + 300_000,
    humanCheck: { provider: 'altcha', price: 'base', evidence: voteId } as const,
  };
  await log.append(ballotBoxStream(pollId), [{ ...encodeVoteCast(vote), id: randomUUID() }], 'any');
  await log.close();
}

describe('the life of polls', () => {
  let server: Server;
  let client: Client;
  let voted: string;
  let firstVote: Answer;
  let closedAt: number;
  const acknowledged = new Map<string, number>();

  beforeAll(async () => {
    server = await Server.start();
    client = server.client();
  });

  const cast = async (participant: number): Promise<void> => {
    const { id } = (await client.cast(participant)).json.voto as { id: string };
    acknowledged.set(id, participant);
  };

  it('begins open, and a name may change', async () => {
    expect((await client.get('/paredao')).json).toMatchObject({ id: '1', estado: 'aberto', encerrado_em: null });
    expect(await result(client, '1')).toMatchObject({ sem_votos: true, final: false });
    const renamed = await client.admin('PATCH', '/paredoes/1/participantes/1', { nome: 'Ana Nova', motivo: 'Erro' });
    expect(renamed.json.participantes[0].nome).toBe('Ana Nova');
    voted = await client.solved();
    firstVote = await client.vote(1, voted);
    expect(firstVote.status).toBe(201);
    acknowledged.set(firstVote.json.voto.id as string, 1);
    for (const participant of [1, 2, 2]) await cast(participant);
  });

  it('is closed by the administrator: from then on votes and challenges are refused', async () => {
    const unused = await client.solved();
    const closed = await client.admin('POST', '/paredoes/1/encerrar');
    closedAt = Date.now();
    expect([closed.status, closed.json.estado, closed.json.encerrado_em]).toEqual([
      200,
      'encerrado',
      expect.any(String),
    ]);
    expectProblem(await client.vote(1, unused), 409, 'poll-not-open');
    expectProblem(await client.get('/desafio'), 409, 'poll-not-open');
    expectProblem(await client.admin('POST', '/paredoes/1/encerrar'), 409, 'poll-not-open');
    expectProblem(await client.admin('PATCH', '/paredoes/1/participantes/1', { nome: 'X' }), 409, 'poll-not-open');
    const again = await client.vote(1, voted);
    expect([again.status, again.json]).toEqual([200, firstVote.json]);
  });

  it('is encerrado, through a crash until the cut, and then final: here, a tie', async () => {
    await eventually(
      async () => (await client.get('/paredao')).json.estado as string,
      (estado) => estado === 'encerrado',
    );
    expect(await client.total()).toMatchObject({ estado: 'encerrado', final: false, total: 4 });
    await server.kill();
    server = await Server.start({ dataDir: server.dataDir });
    client = server.client();
    expect((await client.get('/paredao')).json.estado).toBe('encerrado');
    const total = await final(client, '1');
    expect(Date.now() - closedAt).toBeGreaterThan(CUT_EARLIEST_MS);
    expect(total).toMatchObject({ voto_1: 2, voto_2: 2, total: 4, atrasados: 0, completo: true });
    expect(total.por_participante).toMatchObject([{ percentual: 50 }, { percentual: 50 }]);
    // held until it is proclaimed, though it is counted
    expect(await result(client, '1')).toMatchObject({ estado: 'encerrado', final: true, parcial_visivel: false });
    await proclaimed(client, '1');
    expect(await resultShown(client, '1')).toMatchObject({
      estado: 'proclamado',
      final: true,
      sem_votos: false,
      participantes: [{ nome: 'Ana Nova', percentual: 50 }, { percentual: 50 }],
    });
    expect((await client.get('/paredao')).json.estado).toBe('proclamado');
    await expectExact(server.dataDir, client, acknowledged);
  });

  it('is audited when it is sealed, without anybody asking', async () => {
    const line = await eventually(
      async () => server.log().find(({ mensagem }) => mensagem === 'the audit of a sealed poll agrees'),
      (found) => found !== undefined,
      AUDIT_LIMIT_MS,
    );
    expect(line).toMatchObject({ level: 'info', poll: '1', digest: (await client.total('1')).digest });
    expect(await server.metric('closing_audits{outcome="agrees"}')).toBe(1);
  });

  it('stays as it is: a vote that lands behind the cut is late and changes nothing else', async () => {
    await server.stop();
    await force(server.dataDir, '1');
    server = await Server.start({ dataDir: server.dataDir });
    client = server.client();
    const { recount } = await expectExact(server.dataDir, client, acknowledged);
    expect([recount.late, recount.votes]).toEqual([1, [2, 2]]);
    expect(await client.total('1')).toMatchObject({ atrasados: 1, total: 4, final: true, completo: true });
  });

  it('goes on with the next number; of two who open it at once, one does', async () => {
    const answers = await Promise.all(
      [1, 2, 3].map((number) => client.admin('POST', '/paredoes', poll(`Paredão de ${number}`))),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    expect(answers.find(({ status }) => status === 201)?.json).toMatchObject({ id: '2', estado: 'aberto' });
    for (const refused of answers.filter(({ status }) => status === 409))
      expectProblem(refused, 409, 'poll-already-open');
    await shown(client, '2');
  });

  it('takes no challenge of the poll before', async () => {
    // of a page that still shows that poll, and of one that shows the new one
    expectProblem(await client.vote(1, voted), 409, 'poll-changed');
    const { cedula } = await client.challenge();
    const body = { json: { altcha: voted, cedula } };
    expectProblem(await client.call('POST', '/votar/1', body), 403, 'human-check-invalid');
  });

  it('keeps the polls apart: the old one final, the new one empty', async () => {
    expect(await client.total('1')).toMatchObject({ paredao: '1', total: 4, final: true });
    expect(await client.total('2')).toMatchObject({
      paredao: '2',
      total: 0,
      final: false,
      por_hora: [],
      por_minuto: [],
      observacoes: [],
    });
    expect(await client.total()).toMatchObject({ paredao: '2' });
    const shares = (await result(client, '2')).participantes as Json[];
    expect(shares.map(({ percentual }) => percentual as number)).toEqual([0, 0]);
    await client.cast(2);
    await eventually(
      () => client.total('2'),
      (total: Json) => total.total === 1,
    );
    expect(await client.total('1')).toMatchObject({ total: 4 });
  });

  it('ends without a vote as well', async () => {
    expect((await client.admin('POST', '/paredoes/2/encerrar')).status).toBe(200);
    expect((await client.admin('POST', '/paredoes', poll('O terceiro'))).json.id).toBe('3');
    expect((await client.admin('POST', '/paredoes/3/encerrar')).status).toBe(200);
    await shown(client, '3');
    const total = await final(client, '3');
    expect(total).toMatchObject({ total: 0, voto_1: 0, voto_2: 0, votos_ultima_hora: 0, completo: true });
    expect(await result(client, '3')).toMatchObject({ sem_votos: null, final: true, estado: 'encerrado' });
    await proclaimed(client, '3');
    expect(await resultShown(client, '3')).toMatchObject({ sem_votos: true, final: true, estado: 'proclamado' });
    // the one before was cut beside it
    expect(await final(client, '2')).toMatchObject({ total: 1, voto_2: 1 });
  }, 40_000);
});
