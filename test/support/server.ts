import { afterAll } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { Client } from './client.ts';
import { giveFirstUsers } from './first-users.ts';
import { PROGRAM_ENV } from './program-env.ts';

type Program = 'standalone' | 'command-api' | 'projector' | 'query-api' | 'audit-api';

export interface ServerOptions {
  readonly program?: Program;
  /** Default: a fresh directory that has its first users. */
  readonly dataDir?: string;
  readonly port?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Arguments of the program. */
  readonly args?: readonly string[];
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const READY_LIMIT_MS = 40_000;
const READY_PAUSE_MS = 20;
/** Of the log of a server that does not get ready, characters. */
const SHOWN_LOG = 4000;
/**
 * Below the ports that outgoing connections use, so that no client ever takes the port of a server that is down; each of jest's
 * workers has ports of its own, so that none takes one that another is about to use.
 */
const PORTS = { from: 20_000, count: 4_000, workers: 3 };
const FIRST_PORT = PORTS.from + PORTS.count * (Number(process.env['JEST_WORKER_ID'] ?? 1) % PORTS.workers);

const running = new Set<Server>();
const directories: string[] = [];

// whatever a spec leaves behind goes with it
afterAll(async () => {
  await Promise.all([...running].map((server) => server.kill()));
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

/** A new directory that is removed after the specs of the file. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'paredao-'));
  directories.push(directory);
  return directory;
}

/** One of the compiled programs, running as a process of its own. */
export class Server {
  readonly exited: Promise<Exit>;
  /** What it wrote to its terminal so far. */
  output = '';
  private readonly child: ChildProcess;
  /** What it prints when it is up: the standalone program has opened its first poll by then. */
  private readonly announcement: string;

  private constructor(
    readonly dataDir: string,
    readonly logFile: string,
    readonly port: number,
    readonly metricsPort: number,
    { program = 'standalone', env = {}, args = [] }: ServerOptions,
  ) {
    const main = join(process.cwd(), 'dist/apps', program, 'main.js');
    if (!existsSync(main)) throw new Error(`${main} is missing: npm run build`);
    this.announcement = program === 'standalone' ? 'is on air' : '';
    this.child = spawn(process.execPath, [main, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...PROGRAM_ENV,
        DATA_DIR: dataDir,
        PORT: String(port),
        METRICS_PORT: String(metricsPort),
        HUMAN_CHECK_DIFFICULTY: '50',
        TRUSTED_PROXIES: '127.0.0.1',
        LOG_FILE: logFile,
        ...env,
      },
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
    running.add(this);
    this.exited = new Promise((resolve) => {
      this.child.once('close', (code, signal) => {
        running.delete(this);
        resolve({ code, signal });
      });
    });
  }

  /** Starts a program and does not wait for it: it may be meant to fail. */
  static async launch(options: ServerOptions = {}): Promise<Server> {
    const dataDir = options.dataDir ?? temporaryDirectory();
    if (options.dataDir === undefined) await giveFirstUsers(dataDir);
    const logFile = join(temporaryDirectory(), 'service.log');
    return new Server(dataDir, logFile, options.port ?? (await freePort()), await freePort(), options);
  }

  /** Starts a program; resolves when it is ready. */
  static async start(options: ServerOptions = {}): Promise<Server> {
    const server = await Server.launch(options);
    await server.ready();
    return server;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get isRunning(): boolean {
    return running.has(this);
  }

  /** @throws with what it printed, when it ends or is not ready in time */
  async ready(limitMs = READY_LIMIT_MS): Promise<void> {
    const client = new Client(this.port);
    const limit = Date.now() + limitMs;
    for (;;) {
      const status = await client.get('/health/ready').then(
        (answer) => answer.status,
        () => 0,
      );
      if (status === 200 && this.output.includes(this.announcement)) break;
      if (!this.isRunning || Date.now() > limit)
        throw new Error(`the server is not ready: ${this.output}${this.lastLines()}`);
      await delay(READY_PAUSE_MS);
    }
    client.close();
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Ends it politely. */
  stop(): Promise<Exit> {
    this.signal('SIGTERM');
    return this.exited;
  }

  /** Ends it at once, like a power cut for the process. */
  kill(): Promise<Exit> {
    this.signal('SIGKILL');
    return this.exited;
  }

  /** A client of this server. */
  client(): Client {
    return new Client(this.port, credentialsOf(this.dataDir));
  }

  /** What it logged last, as text. */
  private lastLines(): string {
    return existsSync(this.logFile) ? readFileSync(this.logFile, 'utf8').slice(-SHOWN_LOG) : '';
  }

  /** The lines it logged so far, parsed. */
  log(): Record<string, unknown>[] {
    const text = existsSync(this.logFile) ? readFileSync(this.logFile, 'utf8') : '';
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  /** The present value of a metric, labels and all in its name. */
  async metric(name: string): Promise<number> {
    const client = new Client(this.metricsPort);
    const { text } = await client.get('/metrics');
    client.close();
    const line = text.split('\n').find((candidate) => candidate.startsWith(`${name} `));
    if (line === undefined) throw new Error(`there is no metric ${name}`);
    return Number(line.slice(name.length + 1));
  }
}

/** Passwords by user name, as the first start left them. */
export function credentialsOf(dataDir: string): Record<string, string> {
  const path = join(dataDir, 'first-credentials.txt');
  if (!existsSync(path)) return {};
  return Object.fromEntries(
    readFileSync(path, 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/)),
  ) as Record<string, string>;
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST_PORT + Math.floor(Math.random() * PORTS.count);
    const isFree = await new Promise<boolean>((resolve) => {
      const probe = createServer();
      probe.once('error', () => resolve(false));
      probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
    });
    if (isFree) return port;
  }
}
