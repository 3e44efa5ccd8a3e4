import { GossipService } from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import { ServerFeaturesService } from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import { StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { type Metadata, Server, ServerCredentials, type UntypedServiceImplementation, status } from '@grpc/grpc-js';
import type { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

import { Accounts, type User } from './accounts.ts';
import { BatchAppendCall } from './batch-append.ts';
import { clusterInfo, supportedMethods } from './cluster.ts';
import { Faults } from './faults.ts';
import { Journal } from './journal.ts';
import { encode } from './read-call.ts';
import { read } from './read.ts';
import { Store } from './store.ts';

export interface DoubleOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** Where the data is kept; without it they live as long as the process. */
  readonly file?: string;
  /** TLS instead of plain text. */
  readonly credentials?: ServerCredentials;
  /** `login:password` of its superuser: then every call must come with a login. */
  readonly account?: string;
}

const BIND_ATTEMPTS = 50;
const BIND_PAUSE_MS = 20;
const MAX_MESSAGE_BYTES = 17 * 1024 * 1024;

/**
 * A stand-in for EventStoreDB that speaks its gRPC protocol, built on the service definitions that the client ships.
 * It follows the measured behaviour of a real 23.10 server and can be made to fail in the ways a real one does.
 */
export class EventStoreDbDouble {
  readonly faults = new Faults();
  private readonly journal: Journal | undefined;
  readonly store: Store;
  readonly accounts: Accounts;
  private server: Server | undefined;
  private boundPort: number;

  private constructor(private readonly options: DoubleOptions) {
    this.boundPort = options.port ?? 0;
    this.store = new Store((append) => this.journal?.write(append));
    this.accounts = new Accounts(this.store, options.account);
    if (options.file !== undefined) {
      this.journal = Journal.open(options.file, (append) => {
        this.store.restore(append);
      });
    }
    this.store.forgetIds();
  }

  static async start(options: DoubleOptions = {}): Promise<EventStoreDbDouble> {
    const double = new EventStoreDbDouble(options);
    if (double.store.all.length === 0) double.writeSystemEvent('$users', '$UserCreated');
    await double.listen();
    return double;
  }

  get port(): number {
    return this.boundPort;
  }

  get connectionString(): string {
    return `esdb://127.0.0.1:${String(this.port)}?tls=false`;
  }

  /** Dies like a killed process: connections break, nothing more is answered. The data stay. */
  kill(): void {
    this.faults.die();
    this.server?.forceShutdown();
    this.server = undefined;
  }

  /** Comes back on the same port with its data; like a real server it has forgotten the ids that `any` knew. */
  async restart({ forgetIds = true } = {}): Promise<void> {
    this.kill();
    if (forgetIds) this.store.forgetIds();
    await this.listen();
  }

  /** Ends for good. */
  stop(): void {
    this.kill();
    this.journal?.close();
  }

  /** An event that real servers write on their own. */
  writeSystemEvent(stream: string, type: string): void {
    const data = Buffer.from('{}');
    const event = { id: crypto.randomUUID(), type, contentType: 'application/json', data, metadata: new Uint8Array() };
    this.store.append(stream, [event], 'any');
  }

  private async listen(): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const server = this.createServer();
      try {
        this.boundPort = await bind(server, this.boundPort, this.options.credentials);
        this.server = server;
        return;
      } catch (error) {
        // the port of a server that was just killed is free a moment later
        if (attempt === BIND_ATTEMPTS) throw error;
        await delay(BIND_PAUSE_MS);
      }
    }
  }

  /** The user of a call, who may go on; undefined when it was refused. */
  private admitted(call: Call): User | undefined {
    const user = this.accounts.userOf(call.metadata.get('authorization')[0]?.toString());
    if (user === undefined) call.emit('error', { code: status.UNAUTHENTICATED, details: 'Unauthenticated' });
    return user;
  }

  private createServer(): Server {
    const { store, faults, accounts } = this;
    const server = new Server({ 'grpc.max_receive_message_length': MAX_MESSAGE_BYTES });
    const streams: UntypedServiceImplementation = {
      read: (call: Parameters<typeof read>[0]) => {
        const user = this.admitted(call);
        if (user !== undefined) void read(call, store, faults, (stream) => accounts.mayRead(user, stream));
      },
      batchAppend: (call: ConstructorParameters<typeof BatchAppendCall>[0]) => {
        const user = this.admitted(call);
        return user && new BatchAppendCall(call, store, faults, (stream) => accounts.mayAppend(user, stream));
      },
    };
    const cluster: UntypedServiceImplementation = {
      read: (...[call, reply]: Head<typeof clusterInfo>) => void clusterInfo(call, reply, faults, this.port),
    };
    const methods: UntypedServiceImplementation = {
      getSupportedMethods: (...[call, reply]: Head<typeof supportedMethods>) =>
        void supportedMethods(call, reply, faults),
    };
    const readMethod = { ...StreamsService.read, responseSerialize: encode };
    server.addService({ ...StreamsService, read: readMethod }, streams);
    server.addService(GossipService, cluster);
    server.addService(ServerFeaturesService, methods);
    return server;
  }
}

type Call = { readonly metadata: Metadata } & EventEmitter;
type Head<F extends (...args: never[]) => unknown> =
  Parameters<F> extends [infer A, infer B, ...unknown[]] ? [A, B] : never;

function bind(server: Server, port: number, credentials = ServerCredentials.createInsecure()): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${String(port)}`, credentials, (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
}
