import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { type Socket, connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

import type { Client } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { Nginx, describeWithNginx } from './nginx.ts';
import { StubApi } from './stub-api.ts';

/** What nginx/snippets/limits.conf and nginx.conf say. */
const OPEN_REQUESTS = 1000;
const UPLOADS = 4;
const PAUSE_LIMIT_MS = 5000;

const ATTACKER = '198.51.100.7';
const VOTE = { json: { altcha: 'a solved challenge' } };
const PHOTO = '/paredoes/1/participantes/1/foto';
const PHOTO_BYTES = 1_000_000;
/** A good deal more than the buffers of a connection, here and in the kernel. */
const LARGE_BYTES = 64 * 1024 * 1024;
/** Below what limit_req takes of one client. */
const STEP = 50;
const STEP_MS = 250;
const LIMIT_MS = 60_000;

/** A client that does as it likes with its connection. */
class RawClient {
  received = '';
  isOpen = true;
  readonly socket: Socket;

  constructor(port: number, head: string, isReading = true) {
    this.socket = connect(port, '127.0.0.1');
    if (isReading) this.socket.setEncoding('utf8').on('data', (text: string) => (this.received += text));
    this.socket.on('error', () => undefined).on('close', () => (this.isOpen = false));
    this.socket.write(head);
  }

  get status(): string {
    return this.received.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length);
  }
}

const headOf = (request: string, ...headers: string[]): string =>
  [`${request} HTTP/1.1`, 'Host: x', `X-Forwarded-For: ${ATTACKER}`, ...headers, '', ''].join('\r\n');

describeWithNginx('who is slow on purpose', () => {
  let commandApi: StubApi;
  let nginx: Nginx;
  let client: Client;
  let slow: RawClient[];

  beforeEach(async () => {
    commandApi = await StubApi.start();
    nginx = await Nginx.start({
      commandApis: [commandApi.port],
      queryApis: [commandApi.port],
      balancers: ['127.0.0.1'],
    });
    client = nginx.client();
    slow = [];
  });

  afterEach(async () => {
    client.close();
    for (const { socket } of slow) socket.destroy();
    await nginx.stop();
    await commandApi.stop();
  });

  const open = (head: string, isReading = true): RawClient => {
    const raw = new RawClient(nginx.port, head, isReading);
    slow.push(raw);
    return raw;
  };
  const refused = (): number => slow.filter(({ status }) => status === '429').length;

  it(
    'has a share of the connections, and nobody else waits',
    async () => {
      const head = headOf('POST /votar/1', 'Content-Type: application/json', 'Content-Length: 600');
      while (slow.length < OPEN_REQUESTS + STEP) {
        for (let index = 0; index < STEP; index++) open(head);
        // a byte now and then keeps each of them open
        for (const { socket } of slow) if (!socket.destroyed) socket.write(' ');
        await delay(STEP_MS);
      }
      await eventually(refused, (count) => count >= STEP);
      expect(refused()).toBe(STEP);
      const other = await client.call('POST', '/votar/1', { ...VOTE, headers: { 'x-forwarded-for': '203.0.113.1' } });
      expect(other.status).toBe(201);
    },
    LIMIT_MS,
  );

  it(
    'may pause in the middle of a body, for some seconds',
    async () => {
      const raw = open(`${headOf('POST /votar/1', 'Content-Type: application/json', 'Content-Length: 600')}{`);
      await delay(PAUSE_LIMIT_MS - 1000);
      expect(raw.isOpen).toBe(true);
      await eventually(
        () => raw.isOpen,
        (isOpen) => !isOpen,
      );
    },
    LIMIT_MS,
  );

  it('sends photos to the service, not to the disk, and a few at a time', async () => {
    const head = headOf(`PUT ${PHOTO}`, 'Content-Type: image/png', `Content-Length: ${PHOTO_BYTES}`);
    for (let index = 0; index < UPLOADS; index++) open(head).socket.write(Buffer.alloc(PHOTO_BYTES / 2));
    await eventually(
      () => commandApi.begun,
      (count) => count === UPLOADS,
    );
    expect(nginx.temporaryFiles()).toEqual([]);
    const further = open(head);
    await eventually(
      () => further.status,
      (status) => status !== '',
    );
    expect(further.status).toBe('429');
  });

  it('makes the service wait for its reading, and fills no file', async () => {
    let sent = 0;
    commandApi.behaviour = (_request, response) => {
      response.writeHead(200, { 'content-type': 'image/png', 'content-length': LARGE_BYTES });
      const more = (): void => {
        while (sent < LARGE_BYTES) {
          sent += 65_536;
          if (!response.write(Buffer.alloc(65_536))) return void response.once('drain', more);
        }
        response.end();
      };
      more();
    };
    open(headOf('GET /fotos/abc'), false).socket.pause();
    await eventually(
      () => sent,
      (bytes) => bytes > 0,
    );
    await delay(1000);
    expect(nginx.temporaryFiles()).toEqual([]);
    expect(sent).toBeLessThan(LARGE_BYTES);
    expect((await client.get('/saude')).status).toBe(200);
  });
});
