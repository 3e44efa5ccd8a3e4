import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FastifyReply } from 'fastify';
import { EventEmitter } from 'node:events';
import { Gauge, Registry } from 'prom-client';

import { readEnvironment } from '#platform';

import { LiveTopics } from './live-topics.ts';

class Client extends EventEmitter {
  readonly frames: string[] = [];
  destroyed = false;
  ended = false;
  writableLength = 0;
  readonly socket = this;
  removeHeader(): void {
    // a real one would send no chunks from here on
  }
  writeHead(): void {
    // a real one sends the headers here
  }
  write(text: string | Buffer): void {
    this.frames.push(String(text));
  }
  end(): void {
    this.ended = true;
    this.emit('close');
  }
}

let topics: LiveTopics;
let gauge: Gauge;
let clients: Client[];

const follow = (topic: string, view: () => object | undefined = () => ({ topic })): Client => {
  const client = new Client();
  const reply = {
    request: { method: 'GET', ip: '203.0.113.1' },
    hijack: () => ({ raw: client }),
    getHeaders: () => ({}),
  };
  topics.follow('resultado', topic, reply as unknown as FastifyReply, view);
  clients.push(client);
  return client;
};

beforeEach(() => {
  clients = [];
  gauge = new Gauge({ name: 'clients', help: '-', registers: [new Registry()] });
  topics = new LiveTopics(readEnvironment({ streamLimit: 4 }, {}), gauge);
});
afterEach(() => {
  for (const client of clients) client.end();
});

describe('live topics', () => {
  it('give everybody what they follow', () => {
    expect(follow('1').frames).toEqual(['retry: 3000\n\nevent: resultado\ndata: {"topic":"1"}\n\n']);
    expect(follow('2').frames[0]).toContain('{"topic":"2"}');
    expect(follow('3', () => undefined).frames[0]).not.toContain('data:');
  });

  it('share one limit, and are measured', async () => {
    for (const topic of ['1', '1', '2']) follow(topic);
    expect(() => follow('3')).toThrow('too-many-streams');
    expect((await gauge.get()).values[0]?.value).toBe(3);
    clients[0]?.end();
    follow('3');
    expect((await gauge.get()).values[0]?.value).toBe(3);
  });

  it('are forgotten when nobody follows them any more', () => {
    for (let topic = 0; topic < 100; topic++) follow(String(topic)).end();

    expect((topics as unknown as { topics: Map<string, unknown> }).topics.size).toBeLessThan(2);
  });

  it('end with the service, also for who joins while it stops', () => {
    const client = follow('1');
    topics.beforeApplicationShutdown();

    expect(client.ended).toBe(true);
    expect(() => follow('1')).toThrow('shutting-down');
    expect(() => follow('2')).toThrow('shutting-down');
  });
});
