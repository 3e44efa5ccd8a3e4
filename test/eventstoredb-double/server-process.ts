import { randomUUID } from 'node:crypto';
import { join } from 'node:path';

import { pollsOf } from '#audit';
import { type EventContent, ballotBoxStream, encodeBallotBoxClosed, encodePollEvent, pollStream } from '#domain';
import { EventStoreDbEventLog } from '#event-log/eventstoredb';

import { pollAt } from '../../libs/audit/polls.ts';
import type { Target } from '../observability/prometheus.ts';
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
    if (realServer !== undefined) {
      await endOpenPolls(realServer);
      return new ServerProcess(realServer, undefined);
    }
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
 * Closes and seals the polls that an earlier suite left open on a real server: one poll is open at a time, and a deployment with other
 * keys is not ready for that of another.
 */
async function endOpenPolls(connectionString: string): Promise<void> {
  const log = EventStoreDbEventLog.connect(connectionString);
  const at = new Date().toISOString();
  const append = (stream: string, content: EventContent) =>
    log.append(stream, [{ ...content, id: randomUUID() }], 'any');
  try {
    const { polls, head } = await pollsOf(log);
    for (const poll of polls.values()) {
      const { pollId } = poll;
      const status = pollAt(poll, head)?.status;
      if (status !== 'open' && status !== 'closed') continue;
      if (status === 'open')
        await append(pollStream(pollId), encodePollEvent({ type: 'PollClosed', pollId, closedAt: at, by: 'spec' }));
      const cut = await append(ballotBoxStream(pollId), encodeBallotBoxClosed(pollId, at));
      const sealed = { type: 'PollSealed', pollId, cut: String(cut.revision), sealedAt: at } as const;
      await append(pollStream(pollId), encodePollEvent(sealed));
    }
  } finally {
    await log.close();
  }
}
