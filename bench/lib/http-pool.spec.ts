import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { headerOf } from './http-connection.ts';
import { HttpPool, requestText } from './http-pool.ts';

let server: Server;
let url: URL;
let open = 0;
let most = 0;

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/lost') return void request.socket.destroy();
    if (request.url === '/last') response.setHeader('connection', 'close');
    const answer = JSON.stringify({ url: request.url, address: request.headers['x-forwarded-for'], nome: 'Trovão' });
    const pieces = request.url === '/slow' ? [answer.slice(0, 5), answer.slice(5)] : [answer];
    response.setHeader('content-length', Buffer.byteLength(answer)).writeHead(200).flushHeaders();
    setTimeout(() => {
      for (const piece of pieces) response.write(piece);
      response.end();
    }, 5);
  });
  server.on('connection', (socket) => {
    most = Math.max(most, ++open);
    socket.on('close', () => open--);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  url = new URL(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}`);
});

afterAll(() => {
  server.close();
  server.closeAllConnections();
});

describe('HttpPool', () => {
  test('answers more requests than it has connections', async () => {
    const pool = new HttpPool(url, 3);
    const paths = Array.from({ length: 20 }, (_, index) => `/${String(index)}`);
    const answers = await Promise.all(
      paths.map((path) => pool.send(requestText('GET', path)).then(({ body }) => body.toString())),
    );
    expect(answers.map((answer) => (JSON.parse(answer) as { url: string }).url)).toEqual(paths);
    expect(most).toBe(3);
    pool.close();
  });

  test('reads answers that come in pieces, and sends headers', async () => {
    const pool = new HttpPool(url, 1);
    const { status, body } = await pool.send(
      requestText('GET', '/slow', { headers: { 'x-forwarded-for': '10.0.0.1' } }),
    );
    expect(status).toBe(200);
    expect(JSON.parse(body.toString())).toEqual({ url: '/slow', address: '10.0.0.1', nome: 'Trovão' });
    pool.close();
  });

  test('says when a connection was lost, and goes on with a new one', async () => {
    const pool = new HttpPool(url, 1);
    await expect(pool.send(requestText('GET', '/lost'))).rejects.toMatchObject({ code: 'connection-lost' });
    expect((await pool.send(requestText('GET', '/last'))).status).toBe(200);
    expect((await pool.send(requestText('GET', '/next'))).status).toBe(200);
    pool.close();
  });

  test('says when nobody listens', async () => {
    const pool = new HttpPool(new URL('http://127.0.0.1:1'), 1);
    await expect(pool.send(requestText('GET', '/'))).rejects.toMatchObject({ code: 'connection-lost' });
  });
});

describe('headerOf', () => {
  const head = 'HTTP/1.1 503 Service Unavailable\r\nRetry-After: 2\r\ncontent-length: 10';
  test.each([
    ['retry-after', '2'],
    ['content-length', '10'],
    ['connection', undefined],
  ])('%s is %s', (name, value) => {
    expect(headerOf(head, name)).toBe(value);
  });
});
