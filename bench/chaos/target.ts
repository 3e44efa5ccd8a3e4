import { rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

import { Api, firstCredentials } from '../lib/api.ts';
import { HttpPool } from '../lib/http-pool.ts';
import { type Standalone, freePort, startStandalone, temporaryDataDir } from '../lib/server.ts';
import { Voter, addressOf } from '../lib/voter.ts';
import type { ChaosOptions } from './options.ts';

const CONNECTIONS = 1000;
/** Small, so that a store that stops fills the queue while people watch. */
const QUEUE_LIMIT = '200';
const RECOVERY_LIMIT_MS = 60_000;
const RECOVERY_POLL_MS = 200;
const VOTER = addressOf(1);

/** The service that is made to fail. */
export class Target {
  readonly pool: HttpPool;
  readonly api: Api;

  private constructor(
    readonly url: URL,
    readonly dataDir: string,
    private standalone: Standalone | undefined,
    private readonly metricsPort: number,
    password: string | undefined,
  ) {
    this.pool = new HttpPool(url, CONNECTIONS);
    this.api = new Api(this.pool, password === undefined ? firstCredentials(dataDir) : { user: 'producao', password });
  }

  /** The service that runs already, or one of our own on a scratch data directory. */
  static async open({ running, port, password }: ChaosOptions): Promise<Target> {
    if (running !== undefined) return new Target(running.url, running.dataDir, undefined, 0, password);
    const dataDir = temporaryDataDir();
    const metricsPort = await freePort();
    const standalone = await startOwn(dataDir, port, metricsPort);
    return new Target(standalone.server.url, dataDir, standalone, metricsPort, undefined);
  }

  /** Only a service of our own can be stopped, and only its votes may be spoilt. */
  get isOwn(): boolean {
    return this.standalone !== undefined;
  }

  get metrics(): URL | undefined {
    return this.standalone?.metrics;
  }

  /** Stops the service, does something to its data directory, and starts it again. */
  async whileStopped(work: () => Promise<void>): Promise<void> {
    await this.standalone?.server.stop();
    await work();
    this.standalone = await startOwn(this.dataDir, Number(this.url.port), this.metricsPort);
  }

  /**
   * Resolves once the service is ready, its tallies hold everything, and a vote is taken at the first try.
   * @returns s it took
   * @throws when it takes too long
   */
  async recovered(): Promise<number> {
    const started = performance.now();
    for (;;) {
      const seconds = (performance.now() - started) / 1000;
      if (await this.isWell().catch(() => false)) return seconds;
      if (seconds * 1000 > RECOVERY_LIMIT_MS) throw new Error('the service did not recover');
      await delay(RECOVERY_POLL_MS);
    }
  }

  /** Stops a service of our own, and removes its data unless it is to be looked at. */
  async close(keepData: boolean): Promise<void> {
    this.pool.close();
    if (this.standalone === undefined) return;
    await this.standalone.server.stop();
    if (keepData) console.log(`The data directory is kept: ${this.dataDir}`);
    else rmSync(this.dataDir, { recursive: true });
  }

  private async isWell(): Promise<boolean> {
    const ready = await fetch(new URL('/health/ready', this.url));
    const voter = new Voter(this.pool, { attempts: 1 });
    const { position } = await voter.vote(await voter.challenge(VOTER), 1, VOTER);
    return ready.ok && (await this.api.result(position));
  }
}

const startOwn = (dataDir: string, port: number, metricsPort: number): Promise<Standalone> =>
  startStandalone({
    dataDir,
    port,
    environment: { METRICS_PORT: String(metricsPort), VOTE_QUEUE_LIMIT: QUEUE_LIMIT },
  });
