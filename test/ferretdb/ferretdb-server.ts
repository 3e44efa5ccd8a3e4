import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

import { mongo } from 'mongoose';

import { CACHE } from '../tools/tools.ts';

/** Where scripts/install-ferretdb.sh puts it. */
const BINARY = join(CACHE, 'ferretdb');
const START_LIMIT_MS = 10_000;

/**
 * A server of the MongoDB protocol with a data folder of its own, on a free port of the loopback interface. It ends with this
 * process at the latest. One server after another may run on its port and its data.
 */
export class FerretDbServer {
  private readonly data = mkdtempSync(join(tmpdir(), 'ferretdb-'));
  private child: ChildProcessByStdio<Writable, Readable, null> | undefined;

  /** @param port a free one, unless it is named: one outside the range of outgoing connections stays free while it is down */
  private constructor(private port: number) {}

  /** Resolves when it answers. */
  static async start(port = 0): Promise<FerretDbServer> {
    const server = new FerretDbServer(port);
    await server.restart();
    return server;
  }

  /** FerretDB has no retryable writes. */
  get url(): string {
    return `mongodb://127.0.0.1:${this.port}/?retryWrites=false`;
  }

  /** Starts it again after `kill`; resolves when it answers. */
  async restart(): Promise<void> {
    const args = ['-data', this.data, '-port', String(this.port)];
    this.child = spawn(BINARY, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const line = once(this.child.stdout, 'data', { signal: AbortSignal.timeout(START_LIMIT_MS) });
    const ended = once(this.child, 'exit').then(() => Promise.reject(new Error('FerretDB ended at its start')));
    const [port] = (await Promise.race([line, ended])) as [Buffer];
    this.port = Number(port.toString());
    await this.ping();
  }

  /** Ends it as a power cut would; resolves when it is gone. */
  async kill(): Promise<void> {
    if (this.child?.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await gone;
  }

  /** It keeps its connections and answers nothing, until `thaw`. */
  freeze(): void {
    this.child?.kill('SIGSTOP');
    // the signal is on its way until the kernel says so: an answer could still slip out
    while (!this.isStopped()) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
  }

  private isStopped(): boolean {
    const pid = this.child?.pid;
    return pid === undefined || readFileSync(`/proc/${pid}/stat`, 'latin1').includes(' T ');
  }

  thaw(): void {
    this.child?.kill('SIGCONT');
  }

  /** Ends it and removes its data. */
  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.data, { recursive: true, force: true });
  }

  private async ping(): Promise<void> {
    const client = new mongo.MongoClient(this.url, { serverSelectionTimeoutMS: START_LIMIT_MS });
    try {
      await client.db().command({ ping: 1 });
    } finally {
      await client.close();
    }
  }
}
