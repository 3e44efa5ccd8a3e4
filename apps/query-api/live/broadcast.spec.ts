import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Fastify, { type FastifyInstance } from 'fastify';
import { once } from 'node:events';
import { type Socket, connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

import { sendProblem } from '../../../libs/platform/http/paredao-adapter.ts';
import { Broadcast } from './broadcast.ts';
import { StreamLimit } from './stream-limit.ts';

let fastify: FastifyInstance;
let streams: StreamLimit;
let broadcast: Broadcast;
let made: number;
let content: string | undefined;
let sockets: Socket[];

beforeEach(async () => {
  made = 0;
  content = undefined;
  sockets = [];
  streams = new StreamLimit(4);
  broadcast = new Broadcast('total', () => content ?? `{"n":${String(++made)}}`, streams);
  fastify = Fastify({ logger: false, forceCloseConnections: 'idle' });
  fastify.setErrorHandler((error, _request, reply) => sendProblem(reply, error));
  fastify.get('/aovivo', (_request, reply) => {
    broadcast.join(reply);
  });
  fastify.get('/devagar', async (_request, reply) => {
    await delay(100);
    broadcast.join(reply);
  });
  await fastify.listen({ port: 0, host: '127.0.0.1' });
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  broadcast.end();
  await fastify.close();
});

const url = (): string => `http://127.0.0.1:${String((fastify.server.address() as { port: number }).port)}`;

interface Follower {
  readonly response: Response;
  readonly text: () => string;
  readonly ended: Promise<void>;
  readonly leave: () => void;
}

async function follow(): Promise<Follower> {
  const leaving = new AbortController();
  const response = await fetch(`${url()}/aovivo`, { signal: leaving.signal });
  let text = '';
  const read = async (): Promise<void> => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk as Uint8Array);
  };
  const ended = read().catch(() => undefined);
  return { response, text: () => text, ended, leave: () => leaving.abort() };
}

/** A client that asks and then does not read, on a bare socket. */
async function ask(path: string): Promise<Socket> {
  const socket = connect((fastify.server.address() as { port: number }).port, '127.0.0.1');
  sockets.push(socket);
  await once(socket, 'connect');
  socket.on('error', () => undefined).pause();
  socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`);
  return socket;
}

const framesOf = ({ text }: Follower): string[] => [...text().matchAll(/data: (.*)\n/g)].map(([, data]) => data ?? '');

describe('a live stream', () => {
  it('is server-sent events: the first at once, then one a second', async () => {
    const follower = await follow();
    expect(follower.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(follower.response.headers.get('cache-control')).toBe('no-store');
    await delay(50);
    expect(follower.text()).toBe('retry: 3000\n\nevent: total\ndata: {"n":1}\n\n');
    const began = performance.now();
    while (framesOf(follower).length < 3) await delay(10);
    expect(framesOf(follower)).toEqual(['{"n":1}', '{"n":2}', '{"n":3}']);
    expect(performance.now() - began).toBeGreaterThan(1800);
  });

  it('makes one frame for everybody, and none when nobody follows', async () => {
    const followers = [await follow(), await follow(), await follow()];
    made = 100;
    await delay(1100);
    expect(followers.map((follower) => framesOf(follower).at(-1))).toEqual(Array(3).fill('{"n":101}'));

    for (const { leave } of followers) leave();
    await delay(50);
    made = 200;
    await delay(1100);
    expect(made).toBe(200);
    expect(broadcast.size).toBe(0);
  });

  it('stays open, with a comment, while there is nothing to show', async () => {
    broadcast = new Broadcast('total', () => content, streams);
    const follower = await follow();
    await delay(20);
    expect(follower.text()).toBe('retry: 3000\n\n: nada ainda\n\n');
    content = '{}';
    await delay(1050);
    expect(framesOf(follower)).toEqual(['{}']);
  });

  it('has a limit over all topics; who leaves makes room', async () => {
    const followers = [await follow(), await follow(), await follow()];
    const refused = await follow();
    expect(refused.response.status).toBe(503);
    expect(JSON.parse(refused.text() || (await refused.ended, refused.text()))).toMatchObject({
      code: 'too-many-streams',
    });

    followers[0]?.leave();
    await delay(50);
    expect(streams.taken).toBe(2);
    expect((await follow()).response.status).toBe(200);
  });

  it('takes no place for a client that left before it could join', async () => {
    const socket = await ask('/devagar');
    await delay(30);
    socket.destroy();
    await delay(150);

    expect(streams.taken).toBe(0);
    expect(broadcast.size).toBe(0);
  });

  it('drops a reader that is too slow, and nobody else', async () => {
    const follower = await follow();
    await ask('/aovivo');
    await delay(50);
    expect(broadcast.size).toBe(2);
    content = JSON.stringify('x'.repeat(8_000_000));
    await delay(2200);

    expect(broadcast.size).toBe(1);
    expect(streams.taken).toBe(1);
    expect(framesOf(follower).length).toBeGreaterThan(1);
  });
});

describe('when the service stops', () => {
  it('every stream ends and the server closes without delay', async () => {
    const follower = await follow();
    await delay(20);
    broadcast.end();
    await follower.ended;
    const started = performance.now();
    await fastify.close();

    expect(performance.now() - started).toBeLessThan(500);
    expect(broadcast.size).toBe(0);
  });

  it('a reader that does not read holds nothing up', async () => {
    await ask('/aovivo');
    await delay(50);
    content = JSON.stringify('x'.repeat(8_000_000));
    await delay(1100);
    broadcast.end();
    const started = performance.now();
    await fastify.close();

    expect(performance.now() - started).toBeLessThan(500);
  });
});
