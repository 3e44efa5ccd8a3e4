import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { type Server as HttpServer, createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

import { Client } from './client.ts';

/** Connections that had their answer: a second request on one of them closes it. */
const answered = new WeakSet<Socket>();
let server: HttpServer;
let client: Client;

beforeAll(async () => {
  server = createServer((request, response) => {
    if (answered.has(request.socket)) return void request.socket.destroy();
    answered.add(request.socket);
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  client = new Client((server.address() as AddressInfo).port);
});

afterAll(() => {
  client.close();
  server.close();
});

describe('a connection that the server closes while it is kept alive', () => {
  it('is another one for a GET, as in a browser', async () => {
    expect((await client.get('/')).status).toBe(200);
    expect((await client.get('/')).status).toBe(200);
  });

  it('is an error for what changes something', async () => {
    await client.get('/');
    await expect(client.call('POST', '/')).rejects.toMatchObject({ code: 'ECONNRESET' });
  });
});
