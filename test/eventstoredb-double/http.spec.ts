import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { expressions } from '../observability/files.ts';
import { EventStoreDbDouble } from './double.ts';
import { seed } from './fixtures.ts';
import { listenForHttp } from './http.ts';
import type { MetricsPrefix } from './metrics.ts';

const ACCOUNT = 'admin:a-password';
const LOGIN = { authorization: `Basic ${Buffer.from(ACCOUNT).toString('base64')}` };

let double: EventStoreDbDouble;
const servers = new Map<MetricsPrefix, Server>();

beforeAll(async () => {
  double = await EventStoreDbDouble.start({ account: ACCOUNT });
  for (const prefix of ['eventstore', 'kurrentdb'] as const)
    servers.set(prefix, await listenForHttp(double, 0, prefix));
  seed(double.store, 'stream', 3);
});
afterAll(async () => {
  for (const server of servers.values()) await once(server.close(), 'close');
  double.stop();
});

const ask = (path: string, prefix: MetricsPrefix = 'kurrentdb', headers: Record<string, string> = {}) =>
  fetch(`http://127.0.0.1:${(servers.get(prefix)?.address() as AddressInfo).port}${path}`, { headers });

describe('what the double answers over HTTP', () => {
  it('shows its metrics to nobody without a login, as a server with logins does', async () => {
    expect((await ask('/metrics')).status).toBe(401);
    const wrong = `Basic ${Buffer.from('admin:another').toString('base64')}`;
    expect((await ask('/metrics', 'kurrentdb', { authorization: wrong })).status).toBe(401);
    expect((await ask('/metrics', 'kurrentdb', LOGIN)).status).toBe(200);
  });

  it('shows them to $ops, and to no other login', async () => {
    const make = async (loginName: string, groups: string[]) => {
      const body = JSON.stringify({ loginName, fullName: loginName, password: 'x', groups });
      const url = `http://127.0.0.1:${(servers.get('kurrentdb')?.address() as AddressInfo).port}/users`;
      return (await fetch(url, { method: 'POST', body, headers: LOGIN })).status;
    };
    expect(await make('medidor', ['$ops'])).toBe(201);
    expect(await make('paredao', [])).toBe(201);
    expect(await make('paredao', [])).toBe(409);
    const by = (login: string) => ({ authorization: `Basic ${Buffer.from(`${login}:x`).toString('base64')}` });
    expect((await ask('/metrics', 'kurrentdb', by('medidor'))).status).toBe(200);
    expect((await ask('/metrics', 'kurrentdb', by('paredao'))).status).toBe(401);
  });

  it('lives when it is ready', async () => {
    expect((await ask('/health/live')).status).toBe(204);
    double.faults.notReady = true;
    expect((await ask('/health/live')).status).toBe(503);
    double.faults.notReady = false;
  });

  it.each(['eventstore', 'kurrentdb'] as const)('has checkpoints of one kind only, as %s', async (prefix) => {
    const text = await (await ask('/metrics', prefix, LOGIN)).text();
    const checkpoints = text.split('\n').filter((line) => line.startsWith(`${prefix}_checkpoints{`));
    expect(checkpoints.map((line) => /name="(\w+)"/.exec(line)?.[1])).toEqual(['writer', 'index', 'replication']);
    for (const line of checkpoints) expect(line).toContain('read="non-flushed"');
    expect(Number(checkpoints[0]?.split(' ').at(-1))).toBe(double.store.written);
  });

  it.each(['eventstore', 'kurrentdb'] as const)('has all that the boards ask of %s', async (prefix) => {
    const text = await (await ask('/metrics', prefix, LOGIN)).text();
    const names = expressions.flatMap(([, expression]) =>
      [...expression.matchAll(/__name__=~"(\(kurrentdb[^"]+)"/g)].map(
        ([, name = '']) => new RegExp(`^${name}\\{`, 'm'),
      ),
    );
    expect(names.length).toBeGreaterThan(1);
    for (const name of names) expect(text).toMatch(name);
  });
});
