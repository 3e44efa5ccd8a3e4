import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { parse } from 'yaml';

import { LogAccessDeniedError, START } from '#event-log';
import { EventStoreDbEventLog } from '#event-log/eventstoredb';

import { all, events, idsOf } from '../eventstoredb-double/fixtures.ts';
import { listenForHttp } from '../eventstoredb-double/http.ts';
import { type SecureDouble, startSecureDouble } from '../eventstoredb-double/secure.ts';
import { temporaryDirectory } from '../support/server.ts';
import { needs } from '../tools/needs.ts';

const LIMIT_MS = 60_000;
const PASSWORDS = { admin: 'of-admin', app: 'of-paredao', monitor: 'of-medidor' };
const SERVICES = `paredao:${PASSWORDS.app}`;

needs('openssl')('the accounts of an EventStoreDB with logins', () => {
  const folder = temporaryDirectory();
  let server: SecureDouble;
  let http: Server;
  let log: EventStoreDbEventLog;

  beforeAll(async () => {
    server = await startSecureDouble(folder, `admin:${PASSWORDS.admin}`);
    http = await listenForHttp(server.double, 0, 'kurrentdb');
    mkdirSync(join(folder, 'secrets'));
    for (const [user, password] of Object.entries(PASSWORDS))
      writeFileSync(join(folder, 'secrets', `${user}-password`), password);
    expect(await makeUsers()).toBe(0);
    log = EventStoreDbEventLog.connect(server.urlFor(SERVICES));
  }, LIMIT_MS);

  afterAll(async () => {
    await log.close();
    http.close();
    server.double.stop();
  });

  /** Runs the program of the stack. @returns its exit code */
  async function makeUsers(): Promise<number | null> {
    const url = `http://127.0.0.1:${String((http.address() as AddressInfo).port)}`;
    const args = ['deploy/compose/eventstoredb-users.mjs', url, server.urlFor(), join(folder, 'secrets')];
    const [code] = (await once(spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] }), 'exit')) as [
      number | null,
    ];
    return code;
  }

  it('let the services read and append, all streams at once, too', async () => {
    const batch = events(3);
    await log.append('votes-1', batch, 'no-stream');
    expect(idsOf(await all(log.read('votes-1', 0n)))).toEqual(idsOf(batch));
    expect(idsOf(await all(log.readAll(START, ['votes-'])))).toEqual(idsOf(batch));
    expect((await log.head()).position).toBeGreaterThan(0n);
  });

  it.each([
    ['limit the length of a stream', '$$votes-1', { $maxCount: 1 }],
    ['change who may do what', '$settings', {}],
    ['give themselves the rights of others', '$$$all', {}],
  ])('do not let the services %s', async (_what, stream, data) => {
    const client = EventStoreDBClient.connectionString(server.urlFor(SERVICES));
    const appending = client.appendToStream(stream, jsonEvent({ type: '$metadata', data }));
    await expect(appending).rejects.toMatchObject({ type: 'access-denied' });
    await client.dispose();
  });

  it('let Prometheus measure, and see no event', async () => {
    const port = String((http.address() as AddressInfo).port);
    const asked = (login: string) =>
      fetch(`http://127.0.0.1:${port}/metrics`, {
        headers: { authorization: `Basic ${Buffer.from(login).toString('base64')}` },
      });
    const { scrape_configs: jobs } = parse(readFileSync('prometheus/prometheus.yml', 'utf8')) as {
      scrape_configs: { job_name: string; basic_auth?: { username: string; password_file: string } }[];
    };
    const { basic_auth: login } = jobs.find(({ job_name: name }) => name === 'eventstoredb')!;
    expect(login).toEqual({ username: 'medidor', password_file: '/run/paredao/eventstore-password' });
    expect((await asked(`medidor:${PASSWORDS.monitor}`)).status).toBe(200);
    expect((await asked(SERVICES)).status).toBe(401);
    const curious = EventStoreDbEventLog.connect(server.urlFor(`medidor:${PASSWORDS.monitor}`), { readOnly: true });
    await expect(all(curious.read('votes-1', 0n))).rejects.toThrow(LogAccessDeniedError);
    await expect(curious.head()).rejects.toThrow(LogAccessDeniedError);
    await curious.close();
  });

  it(
    'are made once: another run changes nothing',
    async () => {
      const before = server.double.store.all.length;
      expect(await makeUsers()).toBe(0);
      expect(server.double.store.all.length).toBe(before);
    },
    LIMIT_MS,
  );
});
