import { beforeAll, describe, expect, it } from '@jest/globals';

import { solvedPayload } from '../bench/lib/solver.ts';
import type { Challenge } from '../libs/contract/index.ts';
import type { Answer, Client, Json } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { expectExact } from './support/exactness.ts';
import { expectProblem } from './support/problem.ts';
import { Server } from './support/server.ts';

/** Five seconds for processes that do not know yet, ten for votes in flight, and some more for a slow machine. */
const CUT_LIMIT_MS = 30_000;
const SECRET_NAMES = ['Zélia Zero', 'Yuri Ypê', 'Xico Xis'];

let server: Server;
let client: Client;

/** Makes a poll; it is known everywhere when this resolves. */
async function make(titulo: string, more: object = {}): Promise<string> {
  const participantes = SECRET_NAMES.map((nome) => ({ nome }));
  const made = await client.admin('POST', '/paredoes', {
    titulo,
    finalidade: 'eliminar',
    participantes,
    ...more,
  });
  expect([titulo, made.status]).toEqual([titulo, 201]);
  const id = made.json.id as string;
  await eventually(
    () => listed(id),
    (poll) => poll !== undefined,
  );
  return id;
}

type Named = Readonly<Record<string, unknown>>;
const listed = async (id: string): Promise<Named | undefined> =>
  ((await client.get('/paredoes', client.basic('producao'))).json.paredoes as Named[]).find(
    (poll) => poll['id'] === id,
  );
const act = async (id: string, action: string): Promise<Answer> => client.admin('POST', `/paredoes/${id}/${action}`);
/** What the link of a rehearsal says. */
const linkOf = async (id: string): Promise<string> => `paredao=${id}&chave=${String((await listed(id))?.['chave'])}`;

async function challengeOf(link: string): Promise<Challenge> {
  const answer = await client.get(`/desafio?${link}`);
  expect(answer.status).toBe(200);
  return answer.json as Challenge;
}

const send = (participant: number, challenge: Challenge, cedula = challenge.cedula): Promise<Answer> =>
  client.call('POST', `/votar/${participant}`, { json: { altcha: solvedPayload(challenge), cedula } });

async function rehearse(link: string, participant = 1): Promise<Json> {
  const answer = await send(participant, await challengeOf(link));
  expect(answer.status).toBe(201);
  return answer.json.voto;
}

const counted = (id: string, votes: number): Promise<Json> =>
  eventually(
    () => client.total(id),
    (total: Json) => total.total === votes,
  );

describe('a rehearsal beside the real poll', () => {
  const real = new Map<string, number>();
  const rehearsed = new Map<string, number>();
  let id: string;
  let link: string;

  const cast = async (participant: number): Promise<void> => {
    const { voto } = (await client.cast(participant)).json;
    expect(voto).not.toHaveProperty('ensaio');
    real.set(voto.id as string, participant);
  };

  /** Whatever a guesser tries is answered as for a number that there is not, in every part. */
  async function expectNoTrace(): Promise<void> {
    const guessed = await seenOf(id);
    const missing = await seenOf('9');
    expect(guessed).toEqual(missing);
    // the very ballot is not enough either: names and purpose may be guessed
    const { cedula } = (await client.get(`/paredao?${link}`)).json;
    for (const participant of [1, 3, 9]) {
      expect(await votedBlindly(participant, cedula as string, id)).toEqual(
        await votedBlindly(participant, '9-00000000', '9'),
      );
    }
  }

  async function seenOf(poll: string): Promise<unknown[]> {
    const key = 'A'.repeat(22);
    const queries = [`paredao=${poll}`, `paredao=${poll}&chave=${key}`, `paredao=${poll}&chave=`];
    const paths = ['/paredao', '/paredao/regulamento', '/resultado', '/resultado/aovivo', '/desafio'];
    const asked = [
      ...paths.flatMap((path) => queries.map((query) => `${path}?${query}`)),
      ...[`/resultado?paredao=${poll}&desde=${key}`, `/total?paredao=${poll}`, `/auditoria/acoes?paredao=${poll}`],
      ...[`/palco/aovivo?paredao=${poll}`, `/paredoes/${poll}`, `/fotos/${poll}`],
    ];
    const headers = { origin: 'https://elsewhere.example', 'if-none-match': '*', 'accept-encoding': 'gzip' };
    const answers: unknown[] = [];
    for (const path of asked) {
      for (const method of ['GET', 'HEAD', 'OPTIONS']) {
        answers.push([method, seen(await client.call(method, path, { headers }), poll)]);
      }
    }
    answers.push(seen(await client.call('POST', `/paredoes/${poll}/encerrar`, { json: {} }), poll));
    for (const participant of [1, 3, 9]) answers.push(await votedBlindly(participant, `${poll}-00000000`, poll));
    return answers;
  }

  /** A vote with a challenge of the poll on air, or, where there is none, with one that nobody issued. */
  async function votedBlindly(participant: number, cedula: string, poll: string): Promise<unknown> {
    const challenge = await client.get('/desafio');
    const altcha = challenge.status === 200 ? solvedPayload(challenge.json as Challenge) : 'forged';
    return seen(await client.call('POST', `/votar/${participant}`, { json: { altcha, cedula } }), poll);
  }

  /** What of an answer does not depend on when it was asked for. */
  function seen({ status, headers, text }: Answer, poll: string): unknown {
    const { date: _, 'x-request-id': _id, ...lasting } = headers;
    return { status, headers: lasting, text: text.replaceAll(new RegExp(`\\b${poll}\\b`, 'g'), 'N') };
  }

  beforeAll(async () => {
    server = await Server.start();
    client = server.client();
    id = await make('Ensaio geral', { ensaio: true });
    link = await linkOf(id);
  }, 60_000);

  it('opens while that is open, once', async () => {
    expect(await listed(id)).toMatchObject({
      estado: 'aberto',
      ensaio: true,
      chave: expect.stringMatching(/^[\w-]{22}$/),
    });
    const participantes = SECRET_NAMES.map((nome) => ({ nome }));
    for (const ensaio of [true, false]) {
      const another = { titulo: 'Mais um', finalidade: 'ficar', participantes, ensaio };
      expectProblem(await client.admin('POST', '/paredoes', another), 409, 'poll-already-open');
    }
  });

  it('is never what is meant without its number', async () => {
    await cast(1);
    const paths = ['/paredao', '/resultado', '/total', '/auditoria/acoes', '/auditoria/exportacao?formato=csv'];
    for (const path of paths) {
      const answer = await client.get(path, client.basic('auditor'));
      expect([path, answer.status]).toEqual([path, 200]);
      for (const name of SECRET_NAMES) expect(answer.text).not.toContain(name);
      expect(answer.text).not.toContain('ensaio');
    }
    expect((await client.get('/paredao')).json.id).toBe('1');
    for (const path of ['/resultado/aovivo', '/total/aovivo']) {
      const { events } = await client.stream(path, 1, client.basic('producao'));
      expect(events[0]?.data).toMatchObject({ paredao: '1' });
    }
    expect((await client.challenge()).parameters.data.paredao).toBe('1');
  });

  it('is not there for whoever guesses its number: no name, no state, no challenge, no ballot', async () => {
    await expectNoTrace();
  });

  it('is seen by its link, and says in every answer what it is', async () => {
    for (const path of ['/paredao', '/resultado']) {
      expect((await client.get(`${path}?${link}`)).json).toMatchObject({ ensaio: true, titulo: 'Ensaio geral' });
    }
    const { events } = await client.stream(`/resultado/aovivo?${link}`, 1);
    expect(events[0]?.data).toMatchObject({ paredao: id, ensaio: true });
    expect(await client.total(id)).toMatchObject({ paredao: id, ensaio: true });
    expect(await client.total('1')).not.toHaveProperty('ensaio');
  });

  it('counts its own votes, and the real poll its own', async () => {
    for (const participant of [1, 3, 3]) {
      const voto = await rehearse(link, participant);
      expect(voto).toMatchObject({ paredao: id, ensaio: true });
      rehearsed.set(voto.id as string, participant);
    }
    await cast(2);
    expect(await counted(id, 3)).toMatchObject({ voto_1: 1, voto_2: 0, voto_3: 2 });
    expect(await counted('1', 2)).toMatchObject({ voto_1: 1, voto_2: 1 });
    const { json } = await client.get(`/resultado?${link}&desde=${String((await rehearseOne()).posicao)}`);
    expect(json).toMatchObject({ inclui_seu_voto: true, ensaio: true });
  });

  async function rehearseOne(): Promise<Json> {
    const voto = await rehearse(link, 1);
    rehearsed.set(voto.id as string, 1);
    return voto;
  }

  it('takes no challenge of the real poll, and the real poll takes none of a rehearsal', async () => {
    const [ofReal, ofRehearsal] = [await client.challenge(), await challengeOf(link)];
    expectProblem(await send(1, ofReal, ofRehearsal.cedula), 409, 'poll-changed');
    expectProblem(await send(1, ofRehearsal, ofReal.cedula), 403, 'human-check-invalid');
    expectProblem(await send(1, ofRehearsal, ''), 409, 'poll-changed');
    for (const [challenge, votes] of [
      [ofReal, real],
      [ofRehearsal, rehearsed],
    ] as const) {
      const first = await send(1, challenge);
      expect(first.status).toBe(201);
      expect((await send(1, challenge)).status).toBe(200);
      expectProblem(await send(2, challenge), 409, 'human-check-used');
      votes.set(first.json.voto.id as string, 1);
    }
  });

  it('is in no series that tells of votes', async () => {
    expect(await server.metric('votes_total{result="accepted"}')).toBe(real.size);
    expect(await server.metric('rehearsal_votes_total{result="accepted"}')).toBe(rehearsed.size);
    await counted('1', real.size);
    await counted(id, rehearsed.size);
    await eventually(
      () => server.metric('tally_events{outcome="counted"}'),
      (votes) => votes === real.size,
    );
    expect(await server.metric('poll_state{poll="1",state="aberto"}')).toBe(1);
    await expect(server.metric(`poll_state{poll="${id}",state="aberto"}`)).rejects.toThrow('there is no metric');
    const count = 'http_request_duration_seconds_count{method="POST",route="/votar/:participante",status="201"}';
    expect(await server.metric(count)).toBe(real.size);
  });

  it('raises nobody else’s price: its demand is its own', async () => {
    const headers = { 'x-forwarded-for': '203.0.113.77' };
    const difficulty = async (query: string): Promise<number> =>
      (await client.get(`/desafio${query}`, headers)).json.parameters.data.dificuldade as number;
    for (let asked = 0; asked < 30; asked++) await difficulty(`?${link}`);
    expect(await difficulty(`?${link}`)).toBeGreaterThan(50);
    expect(await difficulty('')).toBe(50);
  });

  it('survives a kill in the middle, with its link, and both are exact', async () => {
    await server.kill();
    server = await Server.start({ dataDir: server.dataDir, port: server.port });
    client = server.client();
    expect(await linkOf(id)).toBe(link);
    await eventually(
      () => client.get(`/desafio?${link}`),
      ({ status }) => status === 200,
    );
    const { json } = await eventually(
      async () => send(1, await challengeOf(link)),
      ({ status }) => status === 201,
    );
    rehearsed.set(json.voto.id as string, 1);
    await cast(1);
    await expectExact(server.dataDir, client, real, '1');
    await expectExact(server.dataDir, client, rehearsed, id);
  });

  it('does not delay the opening of the next real poll, nor is delayed by that', async () => {
    const next = await make('O próximo', { rascunho: true });
    await act('1', 'encerrar');
    await eventually(
      () => client.get('/desafio'),
      ({ status }) => status === 409,
    );
    await expectNoTrace();
    const abre_em = new Date(Date.now() + 1500).toISOString();
    expect((await client.admin('PUT', `/paredoes/${next}/agenda`, { abre_em, encerra_em: null })).status).toBe(200);
    const opened = await eventually(
      async () => (await client.get('/paredao')).json as Named,
      ({ id: shown, estado }) => shown === next && estado === 'aberto',
    );
    expect(Date.parse(String(opened['aberto_em'])) - Date.parse(abre_em)).toBeLessThan(1500);
    expect(await listed(id)).toMatchObject({ estado: 'aberto' });
  });

  it('is closed, cut and audited on its own, and its report says what it is', async () => {
    await act(id, 'encerrar');
    expectProblem(await client.get(`/desafio?${link}`), 409, 'poll-not-open');
    await eventually(
      () => client.total(id),
      (total: Json) => total.final === true,
      CUT_LIMIT_MS,
    );
    const auditor = client.basic('auditor');
    const report = (await client.get(`/auditoria/relatorio?paredao=${id}`, auditor)).text;
    expect(report).toMatch(/<title>ENSAIO · /);
    expect(report).toContain('CONFERE');
    expect(report).not.toContain('NÃO CONFERE');
    const csv = (await client.get(`/auditoria/exportacao?paredao=${id}&formato=csv`, auditor)).text
      .trim()
      .split('\r\n');
    expect(csv.slice(1).every((line) => line.startsWith('ENSAIO,'))).toBe(true);
    const { json } = await client.get('/auditoria/estado', auditor);
    const marks = (json.paredoes as Named[]).map(({ paredao, ensaio }) => [paredao, ensaio]);
    expect(marks).toContainEqual([id, true]);
    expect(marks).toContainEqual(['1', undefined]);
    expect((await client.get('/auditoria/acoes', auditor)).text).not.toContain('Ensaio geral');
  });
});
