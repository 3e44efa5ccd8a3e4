import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, type Server as NetServer, createServer } from 'node:net';

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

/**
 * Listens with as many sockets as it takes; what they take goes to the one HTTP server of the application.
 * @throws as `listen` does, when another program has the port
 */
export async function openDoors(app: NestFastifyApplication, { host, port }: Address): Promise<void> {
  if (DOORS === 1) {
    await app.listen({ host, port, backlog: BACKLOG });
    return;
  }
  const shared = { host, port: await freePort({ host, port }), backlog: BACKLOG, reusePort: true };
  const fastify = app.getHttpAdapter().getInstance();
  const others = Array.from({ length: DOORS - 1 }, () => doorTo(fastify.server));
  fastify.addHook('preClose', (done) => {
    for (const door of others) door.close();
    done();
  });
  await app.listen(shared);
  await Promise.all(others.map((door) => listening(door, shared)));
}

const doorTo = (server: Server): NetServer =>
  createServer(SOCKET_OPTIONS, (socket) => void server.emit('connection', socket));

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
