import { join } from 'node:path';

import type { Target } from '../observability/prometheus.ts';
import type { Client } from '../support/client.ts';
import { freePort, temporaryDirectory } from '../support/server.ts';
import { DoubleProcess } from './double-process.ts';
import { realServer } from './server-under-test.ts';

const DOUBLE = join(process.cwd(), 'dist/test/eventstoredb-double/main.js');

/** `esdb://login:password@host:port,another?options`, of which the first host counts. */
const CONNECTION = /^[\w+]+:\/\/(?:([^@/]*)@)?([^:,/?]+)(?::(\d+))?[^?]*(\?.*)?$/;

/** The double's program, built; not started. */
export const doubleProcess = (file?: string): DoubleProcess => new DoubleProcess([process.execPath, DOUBLE], file);

/** A server for services in processes of their own: the real one where `EVENTSTORE_URL` names one, else the double. */
export class ServerProcess {
  private constructor(
    readonly connectionString: string,
    private readonly process: DoubleProcess | undefined,
  ) {}

  static async start(): Promise<ServerProcess> {
    if (realServer !== undefined) return new ServerProcess(realServer, undefined);
    const double = doubleProcess(join(temporaryDirectory(), 'events'));
    await double.start('--port', String(await freePort()), '--control', String(await freePort()));
    return new ServerProcess(double.connectionString, double);
  }

  /** @throws where the server is a real one: what needs the double says so, and is skipped */
  get double(): DoubleProcess {
    if (this.process === undefined) throw new Error('only the double can be made to fail');
    return this.process;
  }

  /** Where its metrics are. */
  get metrics(): Omit<Target, 'job'> {
    if (this.process !== undefined) return { port: this.process.httpPort };
    const [, login = '', host, port = '2113', options = ''] = CONNECTION.exec(this.connectionString) ?? [];
    const [username = '', password = ''] = login.split(':').map(decodeURIComponent);
    const tls = !/tls=false/i.test(options);
    return { host: host ?? '', port: Number(port), tls, ...(tls && login !== '' && { login: { username, password } }) };
  }

  async stop(): Promise<void> {
    this.process?.resume();
    await this.process?.kill();
  }
}

/**
 * Closes the poll that an earlier suite left open on a real server, so that the next one can open.
 * @param reader a client of a query API on the same server
 */
export async function closeOpenPoll(client: Client, reader: Client = client): Promise<void> {
  const { status, json } = await reader.get('/paredao');
  if (status === 200 && json.estado === 'aberto') await client.admin('POST', `/paredoes/${String(json.id)}/encerrar`);
}
