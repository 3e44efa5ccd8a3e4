import { afterAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { ballotBoxStream } from '#domain';
import { SqliteEventLog } from '#event-log';

import { rotateSecrets } from '../libs/platform/secrets.ts';
import type { Client, Json } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { expectExact } from './support/exactness.ts';
import { giveFirstUsers } from './support/first-users.ts';
import { expectProblem } from './support/problem.ts';
import { Server } from './support/server.ts';
import { SmallDisk } from './support/small-disk.ts';
import { needs } from './tools/needs.ts';

/** Votes that are sent to a full disk; each is given up after the append deadline of ten seconds. */
const REFUSED = 5;

async function castMany(client: Client, votes: number, acknowledged: Map<string, number>): Promise<void> {
  for (let vote = 0; vote < votes; vote++) {
    const participant = 1 + (vote % 2);
    acknowledged.set((await client.cast(participant)).json.voto.id as string, participant);
  }
}

needs('mount')('a full disk', () => {
  const disk = SmallDisk.mount(4);
  afterAll(() => disk.free());

  it('refuses votes with 503 and a time to come back, loses none, goes on serving, and takes votes again once there is room', async () => {
    const { directory } = disk;
    // the log is on that disk as well: it must not take the service down
    const server = await Server.start({
      dataDir: directory,
      env: { LOG_FILE: join(directory, 'service.log'), LOG_LEVEL: 'debug' },
    });
    const client = server.client();
    const acknowledged = new Map<string, number>();
    await castMany(client, 20, acknowledged);
    await expectExact(directory, client, acknowledged);
    disk.fill();

    const challenges: string[] = [];
    for (let vote = 0; vote < REFUSED; vote++) challenges.push(await client.solved());
    const began = performance.now();
    const answers = Promise.all(challenges.map((challenge) => client.vote(1, challenge)));
    const unready = await eventually(
      () => client.get('/health/ready'),
      ({ status }) => status === 503,
    );
    expect(unready.json.error).toMatchObject({ 'ballot-box': { status: 'down' } });
    for (const answer of await answers) {
      expectProblem(answer, 503, 'log-unavailable');
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    }
    expect(performance.now() - began).toBeLessThan(12_000);
    expect((await client.get('/resultado')).status).toBe(200);
    expect((await client.get('/health/live')).status).toBe(200);
    expect(await client.total()).toMatchObject({ total: 20 });

    disk.free();
    for (const challenge of challenges) {
      const answer = await client.vote(1, challenge);
      expect(answer.status).toBe(201);
      acknowledged.set(answer.json.voto.id as string, 1);
    }
    await castMany(client, 20, acknowledged);
    await eventually(
      () => client.get('/health/ready'),
      ({ status }) => status === 200,
    );
    const { distinct, recount } = await expectExact(directory, client, acknowledged);
    expect([distinct, recount.duplicates]).toEqual([40 + REFUSED, 0]);
    expect(await server.stop()).toEqual({ code: 0, signal: null });
  }, 40_000);

  it('does not keep the service from stopping', async () => {
    const { directory } = disk;
    const server = await Server.start({
      dataDir: directory,
      env: { LOG_FILE: join(directory, 'service.log'), LOG_LEVEL: 'debug' },
    });
    disk.fill();
    const client = server.client();
    for (let request = 0; request < 100; request++) await client.get('/resultado');
    const began = performance.now();
    const { signal } = await server.stop();
    expect(signal).toBeNull();
    expect(performance.now() - began).toBeLessThan(10_000);
    disk.free();
  });
});

needs('mount')('a password on a full disk', () => {
  it('is not stored, which is said, and the old one stays', async () => {
    const disk = SmallDisk.mount(64);
    await giveFirstUsers(disk.directory);
    const server = await Server.start({ dataDir: disk.directory });
    const client = server.client();
    const senha_atual = client.passwordOf('auditor');
    const headers = await client.bearer('auditor');
    disk.fill();
    const answer = await client.call('POST', '/senha', { headers, json: { senha_atual, senha_nova: 'x'.repeat(12) } });
    expectProblem(answer, 503, 'users-not-stored');
    const again = await client.call('POST', '/login', { json: { usuario: 'auditor', senha: senha_atual } });
    expect(again.status).toBe(200);
    await server.kill();
  });
});

describe('an event that cannot be read', () => {
  it('is put aside, said so, counted nowhere, and holds nothing up', async () => {
    const acknowledged = new Map<string, number>();
    let server = await Server.start();
    await castMany(server.client(), 4, acknowledged);
    await server.stop();

    const log = SqliteEventLog.open(server.dataDir);
    const data = Buffer.from('{"voteId":"not a vote"}');
    await log.append(ballotBoxStream('1'), [{ id: randomUUID(), type: 'VoteCast', version: 1, data }], 'any');
    await log.close();

    server = await Server.start({ dataDir: server.dataDir });
    const client = server.client();
    await castMany(client, 4, acknowledged);
    const { recount } = await expectExact(server.dataDir, client, acknowledged);
    expect([recount.quarantined, recount.votes]).toEqual([1, [4, 4]]);
    expect(await client.total()).toMatchObject({ completo: false, quarentena: 1, total: 8 });
    expect((await client.get('/resultado')).json.completo).toBe(false);
    expect((await client.get('/health/ready')).status).toBe(200);
    expect(await server.metric('tally_events{outcome="quarantined"}')).toBe(1);
    const errors = server.log().filter(({ level }) => level === 'error');
    expect(errors).toEqual([expect.objectContaining({ mensagem: expect.stringMatching(/cannot be read|quarantine/) })]);
  });
});

describe('a log that was written with a clock an hour ahead', () => {
  it('stops nobody: the service is ready, and every vote that it takes counts', async () => {
    const acknowledged = new Map<string, number>();
    const before = await Server.start();
    await castMany(before.client(), 2, acknowledged);
    await before.stop();
    const database = new DatabaseSync(join(before.dataDir, 'events.db'));
    database.exec('UPDATE events SET recorded_at = recorded_at + 3600000');
    database.close();

    const server = await Server.start({ dataDir: before.dataDir });
    await castMany(server.client(), 4, acknowledged);
    const { recount } = await expectExact(server.dataDir, server.client(), acknowledged);
    expect([recount.votes, recount.expired]).toEqual([[3, 3], 0]);
  });
});

describe('a read model that another program keeps locked', () => {
  it('stops nobody: votes are taken, results are served, readiness says it, and nothing is missing afterwards', async () => {
    const acknowledged = new Map<string, number>();
    const server = await Server.start();
    const client = server.client();
    await castMany(client, 5, acknowledged);
    const foreign = new DatabaseSync(join(server.dataDir, 'read-model.db'), { timeout: 5000 });
    foreign.exec('BEGIN IMMEDIATE');
    let slowest = 0;
    for (const end = performance.now() + 5000; performance.now() < end;) {
      await castMany(client, 1, acknowledged);
      slowest = Math.max(slowest, (await client.get('/resultado')).milliseconds);
      slowest = Math.max(slowest, (await client.get('/health/live')).milliseconds);
    }
    expect(slowest).toBeLessThan(1000);
    const { status, json } = await client.get('/health/ready');
    expect(status).toBe(503);
    expect(json.error).toMatchObject({ projector: { status: 'down' } });
    expect(server.log().some(({ mensagem }) => String(mensagem).includes('the tallies could not be stored'))).toBe(
      true,
    );

    foreign.exec('ROLLBACK');
    foreign.close();
    await expectExact(server.dataDir, client, acknowledged);
    await eventually(
      () => client.get('/health/ready'),
      (answer) => answer.status === 200,
    );
  });
});

describe('a lost read model', () => {
  it('is built anew from the log, with the same digest', async () => {
    const acknowledged = new Map<string, number>();
    let server = await Server.start();
    let client = server.client();
    await castMany(client, 30, acknowledged);
    await expectExact(server.dataDir, client, acknowledged);
    const { digest, total, por_hora: hours } = await client.total();
    await server.stop();

    for (const file of ['read-model.db', 'read-model.db-wal', 'read-model.db-shm']) {
      rmSync(join(server.dataDir, file), { force: true });
    }
    server = await Server.start({ dataDir: server.dataDir });
    client = server.client();
    await eventually(
      () => client.get('/paredao'),
      ({ status }) => status === 200,
    );
    await expectExact(server.dataDir, client, acknowledged);
    expect(await client.total()).toMatchObject({ digest, total, por_hora: hours });
  });
});

describe('new keys', () => {
  it('end logins and cursors, but take the challenges that voters hold', async () => {
    let server = await Server.start();
    let client = server.client();
    const { posicao } = (await client.cast(1)).json.voto as { posicao: string };
    const login = { usuario: 'producao', senha: client.passwordOf('producao') };
    const { token } = (await client.call('POST', '/login', { json: login })).json as { token: string };
    const held = await client.solved();
    await server.stop();
    const before = readFileSync(join(server.dataDir, 'secrets.json'), 'utf8');
    rotateSecrets(server.dataDir);
    expect(readFileSync(join(server.dataDir, 'secrets.json'), 'utf8')).not.toBe(before);

    server = await Server.start({ dataDir: server.dataDir });
    client = server.client();
    expect((await client.vote(2, held)).status).toBe(201);
    await client.cast(2);
    expectProblem(await client.get('/total', { authorization: `Bearer ${token}` }), 401, 'unauthenticated');
    expectProblem(await client.get(`/resultado?desde=${posicao}`), 400, 'invalid-cursor');
    await eventually(
      () => client.total(),
      ({ total }: Json) => total === 3,
    );

    // a second rotation later, that challenge's key is forgotten
    await server.stop();
    rotateSecrets(server.dataDir);
    server = await Server.start({ dataDir: server.dataDir });
    expectProblem(await server.client().vote(2, held), 403, 'human-check-invalid');
  });
});
