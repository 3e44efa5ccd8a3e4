import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { Nginx, describeWithNginx } from './nginx/nginx.ts';
import { StubApi } from './nginx/stub-api.ts';
import type { Client } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { expectProblem } from './support/problem.ts';
import { Server, temporaryDirectory } from './support/server.ts';

const BOT = { 'x-forwarded-for': '203.0.113.77' };
const PERSON = { 'x-forwarded-for': '198.51.100.7' };

describe('who is in the deny file', () => {
  let file: string;
  let server: Server;
  let client: Client;

  beforeAll(async () => {
    file = join(temporaryDirectory(), 'networks.txt');
    writeFileSync(file, '# nobody\n');
    server = await Server.start({ env: { DENY_LIST: file } });
    client = server.client();
  });

  it('is refused within seconds, everywhere, and let in again as soon', async () => {
    expect((await client.get('/desafio', BOT)).status).toBe(200);
    writeFileSync(file, '203.0.113.0/24\nnonsense\n');
    const refused = await eventually(
      () => client.get('/desafio', BOT),
      ({ status }) => status === 403,
    );
    expectProblem(refused, 403, 'address-denied');
    for (const path of ['/', '/paredao', '/resultado', '/total', '/nada', '/resultado/aovivo'])
      expectProblem(await client.get(path, BOT), 403, 'address-denied');
    expectProblem(await client.call('POST', '/votar/1', { json: {}, headers: BOT }), 403, 'address-denied');
    expect((await client.get('/health/ready', BOT)).status).toBe(200);
    expect((await client.get('/desafio', PERSON)).status).toBe(200);
    writeFileSync(file, '');
    await eventually(
      () => client.get('/desafio', BOT),
      ({ status }) => status === 200,
    );
    const warnings = server.log().filter(({ context, level }) => context === 'deny-list' && level === 'warn');
    expect(warnings).toMatchObject([{ lines: '2', count: 1 }]);
    expect(readFileSync(server.logFile, 'utf8')).not.toContain('203.0.113');
  });
});

describeWithNginx('deny.sh', () => {
  let api: StubApi;
  let nginx: Nginx;
  let client: Client;
  let denied: string;
  let path: string;

  beforeAll(async () => {
    api = await StubApi.start();
    nginx = await Nginx.start({ commandApis: [api.port], queryApis: [api.port], balancers: ['127.0.0.1'] });
    client = nginx.client();
    denied = join(nginx.folder, 'site/denied');
    // `docker compose exec -T nginx nginx …` is this machine's nginx
    const tools = temporaryDirectory();
    mkdirSync(tools, { recursive: true });
    writeFileSync(join(tools, 'docker'), `#!/bin/sh\nshift 5\nexec nginx -p ${nginx.folder}/ -c nginx.conf "$@"\n`);
    chmodSync(join(tools, 'docker'), 0o755);
    path = `${tools}:${process.env['PATH'] ?? ''}`;
  });

  afterAll(async () => {
    client.close();
    await nginx.stop();
  });

  const deny = (networks: string): number | null => {
    writeFileSync(join(denied, 'networks.txt'), networks);
    const env = { ...process.env, PATH: path };
    return spawnSync('deploy/compose/deny.sh', [denied], { env, stdio: 'ignore' }).status;
  };

  it('has nginx refuse the same networks, with the same answer', async () => {
    expect((await client.get('/desafio', BOT)).status).toBe(201);
    expect(deny('# bots\n203.0.113.0/24 # all of it\n\nnonsense; allow all\n2001:db8::/32\n')).toBe(0);
    const refused = await eventually(
      () => client.get('/desafio', BOT),
      ({ status }) => status === 403,
    );
    expectProblem(refused, 403, 'address-denied');
    for (const page of ['/', '/nada', '/paredao']) expectProblem(await client.get(page, BOT), 403, 'address-denied');
    expect((await client.get('/desafio', { 'x-forwarded-for': '2001:db8::7' })).status).toBe(403);
    expect((await client.get('/desafio', PERSON)).status).toBe(201);
    // a folder is no denied address
    expectProblem(await client.get('/assets/', PERSON), 404, 'not-found');
  });

  it('leaves the rules as they were when nginx does not take the new ones', async () => {
    const before = readFileSync(join(denied, 'rules.conf'), 'utf8');
    expect(deny('203.0.113.0/24\n999.1.1.1\n')).not.toBe(0);
    expect(readFileSync(join(denied, 'rules.conf'), 'utf8')).toBe(before);
    expect(deny('# nobody\n')).toBe(0);
    await eventually(
      () => client.get('/desafio', BOT),
      ({ status }) => status === 201,
    );
    expect(nginx.written()).not.toContain('203.0.113');
  });
});
