import { afterAll } from '@jest/globals';
import { type ChildProcess, type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { stringify } from 'yaml';

import { eventually } from '../support/eventually.ts';
import { freePort, temporaryDirectory } from '../support/server.ts';

const START_LIMIT_MS = 20_000;

/** Something to scrape: `service` as the real configuration finds it by DNS. Without a host it is on this one. */
export interface Target {
  readonly job: string;
  readonly service?: string;
  readonly host?: string;
  readonly port: number;
  readonly tls?: boolean;
  readonly login?: { readonly username: string; readonly password: string };
}

export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [time: number, value: string];
}

/** Runs promtool or amtool. */
export const runTool = (tool: 'promtool' | 'amtool', ...args: string[]): SpawnSyncReturns<string> =>
  spawnSync(tool, args, { encoding: 'utf8' });

const children = new Set<ChildProcess>();
afterAll(() => children.forEach((child) => child.kill('SIGKILL')));

/** Starts a program that runs until the specs of the file are over. */
export function startProgram(program: string, ...args: string[]): void {
  const child = spawn(program, args, { stdio: 'ignore' });
  child.once('exit', () => children.delete(child));
  children.add(child);
}

/** A real Prometheus with the project's rules, which looks every second. */
export class Prometheus {
  private constructor(private readonly port: number) {}

  /** Resolves when every target answered once. */
  static async start(targets: readonly Target[]): Promise<Prometheus> {
    const folder = temporaryDirectory();
    const port = await freePort();
    const jobs = [...new Set(targets.map(({ job }) => job))];
    const configuration = {
      global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
      rule_files: [resolve('prometheus/rules/*.yml')],
      scrape_configs: jobs.map((job) => ({
        job_name: job,
        static_configs: targets
          .filter((target) => target.job === job)
          .map(({ host = '127.0.0.1', port: of, service }) => ({
            targets: [`${host}:${of}`],
            ...(service !== undefined && { labels: { service } }),
          })),
        ...accessOf(targets.find((target) => target.job === job)),
      })),
    };
    const file = join(folder, 'prometheus.yml');
    writeFileSync(file, stringify(configuration));
    startProgram(
      'prometheus',
      `--config.file=${file}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    );
    const prometheus = new Prometheus(port);
    await eventually(
      () => prometheus.query('count(up == 1)').catch(() => []),
      ([count]) => Number(count?.value[1]) === targets.length,
      START_LIMIT_MS,
    );
    return prometheus;
  }

  /**
   * What an expression is now; a scalar has no labels.
   * @throws with Prometheus' complaint, when it is no expression
   */
  async query(expression: string): Promise<readonly Series[]> {
    const { resultType, result } = await this.ask<{ resultType: string; result: unknown }>(
      `query?query=${encodeURIComponent(expression)}`,
    );
    if (resultType === 'scalar') return [{ metric: {}, value: result as Series['value'] }];
    return result as Series[];
  }

  /** Names of the alerts that fire, sorted. */
  async firing(): Promise<string[]> {
    const { alerts } = await this.ask<{ alerts: { state: string; labels: { alertname: string } }[] }>('alerts');
    const names = alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels.alertname);
    return [...new Set(names)].sort();
  }

  private async ask<T>(path: string): Promise<T> {
    const response = await fetch(`http://127.0.0.1:${this.port}/api/v1/${path}`);
    const answer = (await response.json()) as { status: string; data: T; error?: string };
    if (answer.status !== 'success') throw new Error(answer.error);
    return answer.data;
  }
}

/** How the targets of a job are asked. */
const accessOf = ({ tls = false, login }: Partial<Target> = {}): object => ({
  ...(tls && { scheme: 'https', tls_config: { insecure_skip_verify: true } }),
  ...(login && { basic_auth: login }),
});
