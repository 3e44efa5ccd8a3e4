import { Injectable } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { once } from 'node:events';
import { type AddressInfo, type Server as NetServer, type Socket, createServer } from 'node:net';

import { Environment } from '../environment.ts';
import { ProblemError } from '../problems.ts';
import { ConnectionLimit } from './connection-limit.ts';
import { Crush } from './crush.ts';
import { routeConfig } from './route-config.ts';
import { trustedProxies } from './trusted-proxies.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Newcomers begin here: in a crush they are asked to come back later. */
    forNewcomers?: boolean;
  }
}

/** Connections that may wait to be taken at each door: beyond, the system refuses them. */
const BACKLOG = 4096;
/**
 * libuv takes one new connection from each listening socket in a turn of the event loop. In prime time there are more new
 * connections than turns, so there are several sockets on one port, and the system shares connections among them.
 */
const DOORS = process.platform === 'linux' ? 16 : 1;
/** As `node:http` makes its own sockets. */
const SOCKET_OPTIONS = { allowHalfOpen: true, noDelay: true };

/** Where to listen. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Newcomers begin at this route: in a crush it answers 503 `queue-full`, and says when to come back. */
export const ForNewcomers = (): MethodDecorator => routeConfig({ forNewcomers: true });

/** The listening sockets of the service, who may come in through them, and what happens when too many come. */
@Injectable()
export class Doors {
  private readonly others: NetServer[] = [];
  /** Each resolves when the last connection of a door that was closed has ended. */
  private readonly closing: Promise<void>[] = [];
  private readonly crush = new Crush(DOORS);
  private readonly limit: ConnectionLimit;

  constructor({ trustedProxies: named }: Environment) {
    const proxies = named?.split(',').map((proxy) => proxy.trim());
    this.limit = new ConnectionLimit(proxies && trustedProxies(proxies));
  }

  /** Stands between an HTTP server and its new connections. Before the application starts, and behind what closes idle connections. */
  attach(fastify: FastifyInstance): void {
    const { server } = fastify;
    const [serve] = server.listeners('connection') as [(socket: Socket) => void];
    server.removeListener('connection', serve).on('connection', (socket: Socket) => {
      if (!this.limit.admits(socket)) {
        socket.destroy();
        return;
      }
      this.crush.came();
      serve.call(server, socket);
    });
    fastify.addHook('onRequest', ({ routeOptions }, _reply, done) => {
      const isSentAway = routeOptions.config.forNewcomers === true && this.crush.sendsAway();
      done(isSentAway ? new ProblemError('queue-full', undefined, this.crush.comeBackAfter()) : undefined);
    });
    fastify.addHook('preClose', (done) => {
      this.crush.stop();
      for (const door of this.others) this.closing.push(new Promise((resolve) => door.close(() => resolve())));
      done();
    });
    // the HTTP server waits for its own connections only
    fastify.addHook('onClose', async () => {
      await Promise.all(this.closing);
    });
  }

  /**
   * Listens with as many sockets as it takes; what they take goes to the one HTTP server of the application.
   * @throws as `listen` does, when another program has the port
   */
  async open(app: NestFastifyApplication, { host, port }: Address): Promise<void> {
    if (DOORS === 1) {
      await app.listen({ host, port, backlog: BACKLOG });
      return;
    }
    const shared = { host, port: await freePort({ host, port }), backlog: BACKLOG, reusePort: true };
    await app.listen(shared);
    const { server } = app.getHttpAdapter().getInstance();
    for (let door = 1; door < DOORS; door++) {
      this.others.push(createServer(SOCKET_OPTIONS, (socket) => void server.emit('connection', socket)));
    }
    await Promise.all(this.others.map((door) => listening(door, shared)));
    this.crush.start();
  }
}

/** Two programs could share a port that is opened so. So this asks first, as everybody else does, whether it is free. */
async function freePort(address: Address): Promise<number> {
  const probe = await listening(createServer(), address);
  const { port } = probe.address() as AddressInfo;
  await once(probe.close(), 'close');
  return port;
}

async function listening(server: NetServer, options: Parameters<NetServer['listen']>[0]): Promise<NetServer> {
  await once(server.listen(options), 'listening');
  return server;
}
