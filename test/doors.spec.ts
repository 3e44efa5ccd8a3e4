import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { type Socket, connect } from 'node:net';

import { Client } from './support/client.ts';
import { eventually } from './support/eventually.ts';
import { Server } from './support/server.ts';

/** More than the doors let in of one address. */
const FLOOD = 1300;
const SHARE = 1000;

let server: Server;
const sockets: Socket[] = [];

beforeAll(async () => {
  // no proxy is trusted: every connection counts for its own address
  server = await Server.start({ env: { TRUSTED_PROXIES: '' } });
});
afterAll(() => {
  for (const socket of sockets) socket.destroy();
});

async function connectFrom(localAddress: string): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port: server.port, localAddress });
  sockets.push(socket);
  // who is turned away is closed
  socket.on('error', () => undefined).resume();
  await once(socket, 'connect');
  return socket;
}

const onLinux = process.platform === 'linux' ? it : it.skip;

onLinux('a flood of connections from one address gets its share, and shuts nobody else out', async () => {
  const flood = await Promise.all(Array.from({ length: FLOOD }, () => connectFrom('127.0.0.9')));
  const turnedAway = (): number => flood.filter(({ closed }) => closed).length;
  await eventually(turnedAway, (count) => count >= FLOOD - SHARE, 20_000);
  expect(flood.filter(({ closed }) => !closed)).toHaveLength(SHARE);
  const client = new Client(server.port);
  const started = performance.now();
  expect((await client.get('/paredao')).status).toBe(200);
  expect(performance.now() - started).toBeLessThan(2000);
  client.close();
});

it('a second program is refused the port, although several sockets of the first one share it', async () => {
  const second = await Server.launch({ port: server.port });

  expect(await second.exited).toMatchObject({ code: 1 });
  expect(second.output).toContain('PORT');
});

it('a server that stops closes all its doors', async () => {
  const stopping = await Server.start();
  await stopping.stop();
  const attempts = Array.from({ length: 50 }, () => new Client(stopping.port).get('/').catch(() => 'refused'));

  expect(new Set(await Promise.all(attempts))).toEqual(new Set(['refused']));
});
