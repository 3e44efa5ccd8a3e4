import { createServer, type Server } from 'node:http';

import type { EventStoreDbDouble } from './double.ts';

/** What the control port takes: `POST /freeze`, `POST /delay?ms=50`, `POST /drop-replies?count=2`, … */
export type Command =
  'freeze' | 'thaw' | 'delay' | 'drop-replies' | 'not-ready' | 'ready' | 'kill' | 'restart' | 'stop';

const commands: Record<Command, (double: EventStoreDbDouble, value: (name: string) => number) => Promise<void> | void> =
  {
    freeze: ({ faults }) => faults.freeze(),
    thaw: ({ faults }) => faults.thaw(),
    delay: ({ faults }, value) => {
      faults.delayMs = value('ms');
    },
    'drop-replies': ({ faults }, value) => faults.dropReplies(value('count')),
    'not-ready': ({ faults }) => {
      faults.notReady = true;
    },
    ready: ({ faults }) => {
      faults.notReady = false;
    },
    kill: (double) => double.kill(),
    restart: (double, value) => double.restart({ forgetIds: value('keepIds') === 0 }),
    stop: (double) => double.stop(),
  };

/** A loopback port through which another process makes the double fail. `GET /` answers how many events it holds. */
export async function listenForControl(double: EventStoreDbDouble, port: number, stopped: () => void): Promise<Server> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const name = url.pathname.slice(1);
    const answer = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (request.method === 'GET') return answer(200, { events: double.store.all.length, port: double.port });
    if (!isCommand(name)) return answer(404, { error: `unknown command ${name}` });
    void Promise.try(commands[name], double, (key: string) => Number(url.searchParams.get(key) ?? 0)).then(
      () => {
        answer(200, { done: name });
        if (name === 'stop') stopped();
      },
      (error: unknown) => answer(500, { error: String(error) }),
    );
  });
  server.listen(port, '127.0.0.1');
  await new Promise<void>((resolve) => server.once('listening', resolve));
  return server;
}

const isCommand = (name: string): name is Command => Object.hasOwn(commands, name);
