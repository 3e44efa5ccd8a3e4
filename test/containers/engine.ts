import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, type Server, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Kept between runs where the machine is: the root of the private engine, and its images. */
const CACHE = join(process.env['XDG_CACHE_HOME'] ?? '/var/cache', 'paredao', 'containers');
const HERE = 'test/containers';
/** From nothing: a Debian, its packages, and FerretDB from source. */
const PREPARATION_LIMIT_MS = 30 * 60_000;
/** A build from nothing, on a slow machine. */
const SCRIPT_LIMIT_MS = 15 * 60_000;

export interface Outcome {
  readonly code: number;
  /** Both outputs, in the order in which they came. */
  readonly output: string;
  readonly seconds: number;
}

const succeeds = (program: string, ...args: string[]): boolean => spawnSync(program, args).status === 0;

/** A Docker engine for one suite: the one that is there, else a private one in namespaces of its own (engine/start.sh). */
export class Engine {
  private readonly forwards: { readonly child: ChildProcess; readonly server: Server }[] = [];

  private constructor(
    /** The same path inside and outside of the engine. */
    readonly folder: string,
    /** How a program is run where the engine is. */
    private readonly enter: readonly string[],
    private readonly firstProcess?: number,
  ) {}

  /** Starts it and gives it the images that no registry gives. */
  static async start(): Promise<Engine> {
    const folder = mkdtempSync(join(tmpdir(), 'paredao-containers-'));
    const engine =
      succeeds('docker', 'compose', 'version') && succeeds('docker', 'info')
        ? new Engine(folder, [])
        : await Engine.startOwn(folder);
    try {
      await engine.prepare();
      return engine;
    } catch (error) {
      engine.stop();
      throw error;
    }
  }

  private static async startOwn(folder: string): Promise<Engine> {
    mkdirSync(CACHE, { recursive: true });
    const { status, stdout } = spawnSync('bash', [`${HERE}/engine/start.sh`, CACHE, folder], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: PREPARATION_LIMIT_MS,
    });
    if (status !== 0) throw new Error('the engine did not start');
    const pid = stdout.trim().split('\n').at(-1)!;
    const enter = ['nsenter', '--target', pid, '--mount', '--net', '--uts', '--pid', '--'];
    const engine = new Engine(folder, enter, Number(pid));
    // what a run has left that was killed; what was built then comes out of the cache again, as far as it is the same
    await engine.run(
      'docker ps --all --quiet | xargs --no-run-if-empty docker rm --force --volumes; docker volume prune --all --force; docker network prune --force; docker image ls --quiet --filter reference="paredao/*" | xargs --no-run-if-empty docker image rm --force',
    );
    return engine;
  }

  private async prepare(): Promise<void> {
    const args = [join(CACHE, 'base.tar'), this.folder, ...this.enter, 'docker'];
    const child = spawn('bash', [`${HERE}/images.sh`, ...args], { stdio: 'inherit', timeout: PREPARATION_LIMIT_MS });
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) throw new Error('the images could not be made');
  }

  /** The highest number of open files that a container may have here. */
  get openFiles(): number {
    const [, hard] = /^Max open files +\d+ +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return Number(hard);
  }

  /** Runs a script in a folder, as a person types it into a shell there, which ends at the first failure. */
  async run(script: string, { cwd = this.folder, limitMs = SCRIPT_LIMIT_MS } = {}): Promise<Outcome> {
    const [program, ...args] = [...this.enter, 'bash', '-c', `cd '${cwd}' && set -e\n${script}`];
    const started = performance.now();
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: limitMs });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code: code ?? 1, output, seconds: (performance.now() - started) / 1000 };
  }

  /** A port of this machine that leads to a port of the engine's host. */
  async forward(port: number): Promise<number> {
    if (this.enter.length === 0) return port;
    // a socket in a folder is seen from both networks
    const socket = join(this.folder, `${port}.sock`);
    const inside = ['nsenter', '--target', this.enter[2]!, '--net', '--', process.execPath, `${HERE}/forward.mjs`];
    const child = spawn(inside[0]!, [...inside.slice(1), socket, String(port)], { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(createInterface(child.stdout), 'line');
    const server = createServer((client) => {
      const upstream = connect(socket);
      client.pipe(upstream).pipe(client);
      client.on('error', () => upstream.destroy()).on('close', () => upstream.destroy());
      upstream.on('error', () => client.destroy()).on('close', () => client.destroy());
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.forwards.push({ child, server });
    return (server.address() as AddressInfo).port;
  }

  /** Ends what was started; nothing is left but the cache. */
  stop(): void {
    for (const { child, server } of this.forwards) {
      child.kill();
      server.close();
    }
    if (this.firstProcess !== undefined) {
      process.kill(this.firstProcess, 'SIGTERM');
      while (existsSync(`/proc/${this.firstProcess}`))
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}
