import { once } from 'node:events';
import { type IncomingMessage, type Server, createServer } from 'node:http';
import { json } from 'node:stream/consumers';

import type { EventStoreDbDouble } from './double.ts';
import { type MetricsPrefix, metricsOf } from './metrics.ts';

interface NewLogin {
  readonly loginName: string;
  readonly password: string;
  readonly groups?: readonly string[];
}

/**
 * What a server answers over HTTP/1: whether it lives, its metrics, and new logins; the last two want a login where there are any. A
 * real one has it on the port of its gRPC.
 */
export async function listenForHttp(double: EventStoreDbDouble, port: number, prefix: MetricsPrefix): Promise<Server> {
  const { accounts, faults, store } = double;
  const server = createServer((request, response) => {
    const { method = '', url = '' } = request;
    if (url === '/health/live') return void response.writeHead(faults.notReady ? 503 : 204).end();
    const user = accounts.userOf(request.headers.authorization);
    if (user === undefined) return void response.writeHead(401, { 'www-authenticate': 'Basic' }).end();
    if (method === 'POST' && /^\/users\/?$/.test(url))
      return void addLogin(request).then((code) => response.writeHead(code).end());
    if (url !== '/metrics') return void response.writeHead(404).end();
    if (!accounts.mayMeasure(user)) return void response.writeHead(401).end();
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
    response.end(metricsOf(store, prefix));
  });

  async function addLogin(request: IncomingMessage): Promise<number> {
    if (accounts.userOf(request.headers.authorization)?.groups.includes('$admins') !== true) return 401;
    const { loginName, password, groups } = (await json(request)) as NewLogin;
    return accounts.add(loginName, password, groups) ? 201 : 409;
  }

  await once(server.listen(port, '127.0.0.1'), 'listening');
  return server;
}
