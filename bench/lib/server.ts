import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { projectRoot } from '../../libs/platform/project-root.ts';

export interface ServerOptions {
  /** Compiled program, below the checkout's folder. */
  readonly program: string;
  /** Folder of a built checkout of the project; default: this one. */
  readonly checkout?: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly port: number;
  /** Path that answers 200 once it is ready. */
  readonly readyPath: string;
  /** Core to run on alone. */
  readonly core?: number;
  /** Arguments for Node, such as `--cpu-prof`. */
  readonly nodeArguments?: readonly string[];
  /** Every fsync of the server takes so much longer, ms: a slower disk (needs strace). */
  readonly slowFsync?: number;
}

const START_LIMIT_MS = 20_000;
const READY_POLL_MS = 50;
/** The service promises to stop within 10 s. */
const STOP_LIMIT_MS = 12_000;
const SHOWN_OUTPUT = 4000;

/** A server that this process started. It does not outlive it. */
export class Server {
  private output = '';
  private readonly ended: Promise<number>;
  private readonly endWithParent = (): void => void this.child.kill('SIGKILL');

  private constructor(
    private readonly child: ChildProcess,
    readonly url: URL,
  ) {
    this.ended = once(child, 'close').then(([code]) => (code as number | null) ?? -1);
    for (const stream of [child.stdout, child.stderr]) {
      stream
        ?.setEncoding('utf8')
        .on('data', (text: string) => (this.output = (this.output + text).slice(-SHOWN_OUTPUT)));
    }
    process.once('exit', this.endWithParent);
    child.once('close', () => process.off('exit', this.endWithParent));
  }

  /** @throws when it does not get ready; the message has what it printed */
  static async start(options: ServerOptions): Promise<Server> {
    const { program, checkout = projectRoot(), environment, port, core, nodeArguments = [], slowFsync = 0 } = options;
    const [command = '', ...args] = [
      ...(core === undefined ? [] : ['taskset', '-c', String(core)]),
      ...(slowFsync > 0 ? slowedBy(slowFsync) : []),
      ...[process.execPath, ...nodeArguments, join(checkout, program)],
    ];
    const env = { ...process.env, ...environment, PORT: String(port) };
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const server = new Server(child, new URL(`http://127.0.0.1:${String(port)}`));
    await server.ready(options.readyPath);
    return server;
  }

  get pid(): number {
    return this.child.pid ?? -1;
  }

  /** Asks it to stop, and resolves with its exit code; -1 when it had to be killed. */
  async stop(): Promise<number> {
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), STOP_LIMIT_MS);
    const code = await this.ended;
    clearTimeout(timer);
    return code;
  }

  /** Ends it as a power cut would end the process: at once. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }

  private async ready(path: string): Promise<void> {
    const deadline = performance.now() + START_LIMIT_MS;
    while (performance.now() < deadline) {
      if (this.child.exitCode !== null) throw new Error(`the server ended while starting:\n${this.output}`);
      const answer = await fetch(new URL(path, this.url)).catch(() => undefined);
      await answer?.arrayBuffer();
      if (answer?.ok) return;
      await delay(READY_POLL_MS);
    }
    await this.kill();
    throw new Error(`the server was not ready after ${String(START_LIMIT_MS)} ms:\n${this.output}`);
  }
}

/** Runs a program whose fsyncs return later. `-D`: the program, not strace, is the child, and gets the signals. */
function slowedBy(milliseconds: number): string[] {
  const calls = 'fdatasync,fsync';
  const delay = `inject=${calls}:delay_exit=${String(Math.round(milliseconds * 1000))}`;
  return ['strace', '-D', '-f', '--seccomp-bpf', '-qqq', '-o', '/dev/null', '-e', `trace=${calls}`, '-e', delay];
}

/** What can be different about a standalone server. */
export interface StandaloneOptions extends Partial<
  Pick<ServerOptions, 'checkout' | 'core' | 'nodeArguments' | 'environment' | 'port' | 'slowFsync'>
> {
  readonly dataDir: string;
}

/** A standalone server with its address for metrics. */
export interface Standalone {
  readonly server: Server;
  readonly metrics: URL;
}

/**
 * Starts the standalone service as production runs it (limits, logs and metrics on), with easy challenges, and this host
 * as the proxy that may name clients' addresses.
 */
export async function startStandalone(options: StandaloneOptions): Promise<Standalone> {
  const { dataDir, port = await freePort(), environment, ...rest } = options;
  const metricsPort = String(await freePort());
  const server = await Server.start({
    program: 'dist/apps/standalone/main.js',
    readyPath: '/paredao',
    port,
    environment: {
      METRICS_PORT: metricsPort,
      DATA_DIR: dataDir,
      HUMAN_CHECK_DIFFICULTY: '50',
      TRUSTED_PROXIES: '127.0.0.1',
      LOG_LEVEL: 'info',
      LOG_FILE: join(dataDir, 'paredao.log'),
      ...environment,
    },
    ...rest,
  });
  return { server, metrics: new URL(`http://127.0.0.1:${metricsPort}/metrics`) };
}

/** Ends this process, and with it its servers, on the signals that would end it silently. */
export function endOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
}

/** A new directory for a server's data. */
export const temporaryDataDir = (): string => mkdtempSync(join(tmpdir(), 'paredao-'));

/** A TCP port that nobody listens on now. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await once(probe.listen(0, '127.0.0.1'), 'listening');
  const { port } = probe.address() as AddressInfo;
  await once(probe.close(), 'close');
  return port;
}
