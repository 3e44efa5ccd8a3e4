import { afterAll, expect } from '@jest/globals';

import type { RecordedEvent } from '#domain';

import type { InvariantResult } from '../../bench/lib/invariant.ts';
import { type ServerStores, withEventLog } from '../../bench/lib/stores.ts';
import type { DoubleProcess } from '../eventstoredb-double/double-process.ts';
import { ServerProcess } from '../eventstoredb-double/server-process.ts';
import { describeOnDouble, describeOnServer } from '../eventstoredb-double/server-under-test.ts';
import { FerretDbServer } from '../ferretdb/ferretdb-server.ts';
import { Nginx } from '../nginx/nginx.ts';
import type { Client } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { expectExact } from '../support/exactness.ts';
import { Server, credentialsOf, freePort, temporaryDirectory } from '../support/server.ts';
import { needs } from '../tools/needs.ts';

const POLL = {
  titulo: 'Quem fica?',
  divulgacao: 'sempre',
  participantes: [{ nome: 'Ana Aurora' }, { nome: 'Bento Brisa' }],
};
/** Whatever broke is whole again within this time, ms, on a machine that does other things as well. */
export const RECOVERY_LIMIT_MS = 30_000;
/** Of a service, while many others start as well, ms. */
const START_LIMIT_MS = 60_000;

/** What the whole stack needs. */
export const STACK = ['ferretdb', 'nginx'] as const;

/** A suite on the whole stack, with a real EventStoreDB where `EVENTSTORE_URL` names one. */
export const describeOnStack = (name: string, suite: () => void): void =>
  describeOnServer(name, suite, needs(...STACK));

/** One that makes the store fail. */
export const describeOnDoubleStack = (name: string, why: string, suite: () => void): void =>
  describeOnDouble(name, why, suite, needs(...STACK));

const running = new Set<Stack>();

afterAll(() => Promise.all([...running].map((stack) => stack.stop())));

interface Parts {
  readonly eventLog: ServerProcess;
  readonly mongo: FerretDbServer;
  readonly commandApis: Server[];
  readonly projectors: Server[];
  readonly queryApis: Server[];
  /** None unless asked for. */
  readonly auditApis: Server[];
  readonly nginx: Nginx;
}

/** The services, each of which can be killed and started again. */
const PROGRAMS = {
  commandApis: 'command-api',
  projectors: 'projector',
  queryApis: 'query-api',
  auditApis: 'audit-api',
} as const;
export type ServiceName = keyof typeof PROGRAMS;

/**
 * The production shape: two command APIs, two projectors, a query API and nginx, each a process of its own, on a server of
 * EventStoreDB's protocol and one of MongoDB's. All on the loopback interface.
 */
export class Stack {
  readonly client: Client;

  private constructor(
    private readonly parts: Parts,
    private readonly env: Readonly<Record<string, string>>,
  ) {
    this.client = parts.nginx.client(credentialsOf(this.dataDir));
    running.add(this);
  }

  /** Resolves when everything is ready. `environment` is that of all services; with `audited` auditors find an audit API too. */
  static async start(environment: Readonly<Record<string, string>> = {}, { audited = false } = {}): Promise<Stack> {
    const eventLog = await ServerProcess.start();
    const mongo = await FerretDbServer.start(await freePort());
    const dataDir = temporaryDirectory();
    const env = { EVENTSTORE_URL: eventLog.connectionString, MONGODB_URL: mongo.url, ...environment };
    const launch = (name: ServiceName): Promise<Server> => Server.launch({ program: PROGRAMS[name], dataDir, env });
    // the first one makes the users and the keys
    const first = await launch('commandApis');
    await first.ready(START_LIMIT_MS);
    const commandApis = [first, await launch('commandApis')];
    const projectors = [await launch('projectors'), await launch('projectors')];
    const queryApis = [await launch('queryApis')];
    const auditApis = audited ? [await launch('auditApis')] : [];
    const services = [...commandApis, ...projectors, ...queryApis, ...auditApis];
    await Promise.all(services.map((service) => service.ready(START_LIMIT_MS)));
    const portsOf = (services: readonly Server[]): number[] => services.map(({ port }) => port);
    const nginx = await Nginx.start({
      commandApis: portsOf(commandApis),
      queryApis: portsOf(queryApis),
      ...(audited && { auditApis: portsOf(auditApis) }),
      balancers: ['127.0.0.1'],
    });
    return new Stack({ eventLog, mongo, commandApis, projectors, queryApis, auditApis, nginx }, env);
  }

  /** The double, to be made to fail. */
  get eventLog(): DoubleProcess {
    return this.parts.eventLog.double;
  }

  get mongo(): FerretDbServer {
    return this.parts.mongo;
  }

  get nginx(): Nginx {
    return this.parts.nginx;
  }

  get services(): Server[] {
    const { commandApis, projectors, queryApis, auditApis } = this.parts;
    return [...commandApis, ...projectors, ...queryApis, ...auditApis];
  }

  get stores(): ServerStores {
    return { eventstoreUrl: this.parts.eventLog.connectionString, mongodbUrl: this.mongo.url };
  }

  /** Where the services have their keys and users. */
  get dataDir(): string {
    return this.parts.commandApis[0]!.dataDir;
  }

  service(name: ServiceName, index = 0): Server {
    return this.parts[name][index]!;
  }

  /** A client of one service, past nginx. */
  clientOf(name: ServiceName, index = 0): Client {
    return this.service(name, index).client();
  }

  /** Starts a service that was killed, on its port; resolves when it is ready. */
  async revive(name: ServiceName, index = 0): Promise<void> {
    const { dataDir, port } = this.service(name, index);
    const revived = await Server.launch({ program: PROGRAMS[name], dataDir, port, env: this.env });
    this.parts[name][index] = revived;
    await revived.ready(START_LIMIT_MS);
  }

  /** The status of the service's readiness. */
  async readiness(name: ServiceName, index = 0): Promise<number> {
    return (await this.askReadiness(name, index)).status;
  }

  /** Every service can do its work. */
  async whole(): Promise<void> {
    const services = [
      ['commandApis', 0],
      ['commandApis', 1],
      ['projectors', 0],
      ['projectors', 1],
      ['queryApis', 0],
    ] as const;
    const complaints = async (): Promise<string[]> => {
      const answers = await Promise.all(services.map(([name, index]) => this.askReadiness(name, index)));
      return services.flatMap(([name, index], at) =>
        answers[at]?.status === 200 ? [] : `${name} ${index}: ${answers[at]?.text} ${this.lastTroubles(name, index)}`,
      );
    };
    await eventually(complaints, ({ length }) => length === 0, RECOVERY_LIMIT_MS);
  }

  /** Opens the next poll; resolves with its id when everybody knows it. */
  async openPoll(): Promise<string> {
    const { status, json } = await this.client.admin('POST', '/paredoes', POLL);
    expect({ status, json }).toMatchObject({ status: 201 });
    const id = String(json.id);
    await this.shows(`/paredao`, id, 'aberto');
    for (const index of [0, 1]) {
      const client = this.clientOf('commandApis', index);
      await eventually(
        () => client.get('/desafio'),
        (answer) => answer.status === 200,
        RECOVERY_LIMIT_MS,
      );
      client.close();
    }
    return id;
  }

  async closePoll(id: string): Promise<void> {
    expect((await this.client.admin('POST', `/paredoes/${id}/encerrar`)).status).toBe(200);
    await this.shows('/paredao', id, 'encerrado');
  }

  /** The invariant of the design (§5.7), vote by vote against the log, and `/total` as an independent recount has it. */
  expectExact(acknowledged: ReadonlyMap<string, number>, pollId: string): Promise<InvariantResult> {
    return expectExact(this.stores, this.client, acknowledged, pollId, RECOVERY_LIMIT_MS);
  }

  /** All events of a stream. */
  events(stream: string): Promise<RecordedEvent[]> {
    return withEventLog(this.stores, async (log) => {
      const events: RecordedEvent[] = [];
      for await (const page of log.read(stream, 0n)) events.push(...page);
      return events;
    });
  }

  /** Requests for votes so far, as nginx saw them. */
  votesInAccessLog(): { status: number; request_time: number; upstream_addr: string }[] {
    return this.nginx
      .accessLog()
      .filter((line) => line.includes('/votar/-'))
      .map((line) => JSON.parse(line) as { status: number; request_time: number; upstream_addr: string });
  }

  /** Ends everything that runs still. */
  async stop(): Promise<void> {
    running.delete(this);
    this.client.close();
    await this.nginx.stop();
    await Promise.all(this.services.map((service) => service.kill()));
    await this.parts.eventLog.stop();
    await this.mongo.stop();
  }

  private async shows(path: string, id: string, state: string): Promise<void> {
    await eventually(
      () => this.client.get(path),
      ({ json }) => json?.id === id && json.estado === state,
      RECOVERY_LIMIT_MS,
    );
  }

  /** Whoever reads a failure wants to know why. */
  private lastTroubles(name: ServiceName, index: number): string {
    const troubles = this.service(name, index)
      .log()
      .filter(({ level }) => level === 'warn' || level === 'error');
    return troubles
      .slice(-5)
      .map((line) => JSON.stringify(line))
      .join('\n');
  }

  private async askReadiness(name: ServiceName, index: number): Promise<{ status: number; text: string }> {
    const client = this.clientOf(name, index);
    const answer = await client.get('/health/ready');
    client.close();
    return answer;
  }
}
