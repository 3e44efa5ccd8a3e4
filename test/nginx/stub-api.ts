import { afterAll } from '@jest/globals';
import { once } from 'node:events';
import {
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  createServer,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

type Behaviour = (request: IncomingMessage, response: ServerResponse) => void;

/** Answers, after which nothing is to be tried elsewhere. */
export const takes: Behaviour = (_request, response) => {
  response.writeHead(201, { 'content-type': 'application/json' }).end('{"voto":{}}');
};

/** Took the request, and dies before its answer. */
export const breaks: Behaviour = (request) => request.socket.destroy();

/** Answers that it is busy. */
export const isBusy: Behaviour = (_request, response) => {
  response
    .writeHead(503, { 'content-type': 'application/problem+json', 'retry-after': '7' })
    .end('{"code":"queue-full"}');
};

const servers = new Set<StubApi>();

afterAll(async () => {
  await Promise.all([...servers].map((server) => server.stop()));
});

/** Stands for an API where a spec needs one that fails on command. */
export class StubApi {
  readonly seen: Seen[] = [];
  connections = 0;
  /** Requests whose head has come. */
  begun = 0;
  behaviour: Behaviour = takes;
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => void this.answer(request, response));
    this.server.on('connection', () => this.connections++);
  }

  static async start(): Promise<StubApi> {
    const stub = new StubApi();
    stub.server.listen(0, '127.0.0.1');
    await once(stub.server, 'listening');
    servers.add(stub);
    return stub;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    if (!servers.delete(this)) return;
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.begun++;
    const body = await text(request).catch(() => undefined);
    // its client has gone
    if (body === undefined) return;
    const { method = '', url = '', headers } = request;
    this.seen.push({ method, url, headers, body });
    this.behaviour(request, response);
  }
}
