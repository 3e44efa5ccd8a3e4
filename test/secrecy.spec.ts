import { beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { type Client, type Json, cedulaFor } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { Server } from './support/server.ts';

/** What a voter shows to the server. None of it may be kept. */
const VOTER = {
  'x-forwarded-for': '203.0.113.77',
  'user-agent': 'the-very-browser/1.0',
  cookie: 'who=the-very-voter',
  referer: 'https://example.test/the-very-page',
  // the one thing that stays: the trusted proxy's name for the request, to find it in both logs
  'x-request-id': 'named-by-the-proxy',
  authorization: 'Bearer the-very-token',
};

let server: Server;
let client: Client;
let vote: Json;
let solved: string;
let token: string;

beforeAll(async () => {
  // the most that the log can be made to say
  server = await Server.start({ env: { LOG_LEVEL: 'trace' } });
  client = server.client();
  solved = await client.solved();
  const { json, status } = await client.call('POST', '/votar/2?the-very-query=1', {
    headers: VOTER,
    json: { altcha: solved, cedula: cedulaFor(solved) },
  });
  expect(status).toBe(201);
  vote = json.voto;
  await client.call('POST', '/votar/2', {
    headers: VOTER,
    json: { altcha: 'the-very-payload', cedula: cedulaFor(solved) },
  });
  await client.call('POST', '/login', { headers: VOTER, json: { usuario: 'producao', senha: 'the-very-password' } });
  const login = { usuario: 'producao', senha: client.passwordOf('producao') };
  token = (await client.call('POST', '/login', { headers: VOTER, json: login })).json.token;
  await client.get('/total', { ...VOTER, authorization: `Bearer ${token}` });
  await eventually(
    () => client.total(),
    ({ total }: Json) => total === 1,
  );
  await server.stop();
});

const RECORD = 'address-record';

/** Every byte that the server wrote into its data directory, but for the record of addresses. */
const stored = (): string =>
  readdirSync(server.dataDir)
    .filter((name) => name !== RECORD)
    .map((name) => readFileSync(join(server.dataDir, name), 'latin1'))
    .join('\n');

describe('a vote stays secret', () => {
  it('in what is stored: the vote is there, its voter is not', () => {
    expect(stored()).toContain(`{"voteId":"${String(vote.id)}","participantId":2,`);
    expect(stored()).not.toMatch(/203\.0\.113\.77|the-very-|named-by-the-proxy/);
  });

  it('and the record of addresses has the voter, the hour, and nothing else', () => {
    const folder = join(server.dataDir, RECORD);
    const [name = '', ...more] = readdirSync(folder);
    expect(more).toEqual([]);
    const record = readFileSync(join(folder, name), 'utf8');
    expect(`${name} ${record}`).toContain('203.0.113.77,1+,');
    expect(`${name} ${record}`).not.toMatch(/the-very-|named-by-the-proxy|:\d\d|votar|"/);
    for (const secret of [vote.id, vote.posicao, solved.slice(0, 40)]) expect(record).not.toContain(String(secret));
  });

  it('in the log: the request is there, its voter, its participant and its vote are not', () => {
    const log = readFileSync(server.logFile, 'utf8');
    const lines = server.log().filter((line) => line['route'] === '/votar/:participante' && 'request_id' in line);
    expect(lines.map(({ level, status }) => [level, status])).toEqual([
      ['debug', 201],
      ['debug', 403],
    ]);
    expect(lines[0]).toMatchObject({ request_id: 'named-by-the-proxy', poll: '1', position: expect.any(String) });
    for (const secret of [
      '203.0.113.77',
      'the-very-',
      '/votar/2',
      String(vote.id),
      String(vote.posicao),
      solved.slice(0, 40),
    ]) {
      expect(log).not.toContain(secret);
    }
    expect(log).not.toMatch(/"(participant\w*|voto_?\d?|voteId|altcha|senha|authorization)":/i);
  });

  it('and the line that names a request has nothing but what belongs to a request', () => {
    const named = server.log().filter((line) => 'request_id' in line);
    const fields = new Set(named.flatMap((line) => Object.keys(line)));
    const known = ['level', 'syslog', 'asctime', 'backend', 'context', 'mensagem', 'request_id', 'method', 'route'];
    expect([...fields].sort()).toEqual([...known, 'status', 'duration_ms', 'poll', 'position', 'code'].sort());
  });

  it('nor does the log hold a password, a token or a key of the deployment', () => {
    const log = readFileSync(server.logFile, 'utf8');
    const passwords = ['admin', 'producao', 'auditor', 'sre'].map((user) => client.passwordOf(user));
    const keys = Object.values(JSON.parse(readFileSync(join(server.dataDir, 'secrets.json'), 'utf8')) as object);
    expect(keys.length).toBeGreaterThan(2);
    for (const secret of [...passwords, ...keys.map(String), token]) {
      expect(secret.length).toBeGreaterThan(10);
      expect(log).not.toContain(secret);
    }
  });
});
